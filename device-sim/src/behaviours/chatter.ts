import * as z from 'zod';
import { behaviour } from './behaviour.ts';

/** `saying` is what it says at this tick, or nothing; `mood` from 0 to 100. */
type State = { mood: number; said: number; talkative: boolean; saying: string };

/** Mean seconds between two things it says by itself. */
const meanSeconds = 20;

const remarks = [
  'anybody here?',
  'all quiet on my side',
  'I could do with an update',
  'what a day for telemetry',
  'my readings are fine, thank you',
  'who left the door open?',
  'tick, tick, tick',
  'I like round numbers',
];

/** A bot in a chat channel: it says something now and then, and answers when it is mentioned. */
export const chatter = behaviour({
  model: 'Parley Chatter',
  metrics: { mood: { unit: '%', min: 0, max: 100 }, said: { min: 0 } },
  commands: {
    hush: {
      args: z.strictObject({ quiet: z.boolean() }),
      run: (state: State, { quiet }): State => ({ ...state, talkative: !quiet, saying: '' }),
    },
    say: {
      args: z.strictObject({ text: z.string().min(1).max(1000) }),
      run: (state: State, { text }): State => ({ ...state, saying: text, said: state.said + 1 }),
    },
  },
  initial: ({ random }): State => ({ mood: Math.floor(random() * 101), said: 0, talkative: true, saying: '' }),
  tick: (state, { seconds, random }) => {
    const [chance, which, turn] = [random(), random(), random()];
    const mood = Math.min(100, Math.max(0, state.mood + Math.round((turn - 0.5) * 10)));
    const speaks = state.talkative && chance < 1 - Math.exp(-seconds / meanSeconds);
    if (!speaks) return { ...state, mood, saying: '' };
    return { ...state, mood, said: state.said + 1, saying: remarks[Math.floor(which * remarks.length)]! };
  },
  report: ({ talkative, said }) => ({ talkative, said }),
  readings: ({ mood, said }) => ({ mood, said }),
  chat: {
    says: ({ saying }) => (saying === '' ? undefined : saying),
    answers: ({ mood }) => (mood > 50 ? 'at your service; ask me for my readings' : 'yes? ask me for my readings'),
  },
});
