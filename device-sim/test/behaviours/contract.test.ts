import { expect } from 'chai';
import fc from 'fast-check';
import type { FlatTelemetry, Json } from '@parley/shared';
import { topics } from '@parley/shared';
import { behaviours } from '../../src/behaviours/all.ts';
import { CommandRefused } from '../../src/behaviours/behaviour.ts';
import type { Behaviour, DeviceState } from '../../src/behaviours/behaviour.ts';
import { seeded } from '../../src/random.ts';

const now = Date.UTC(2026, 10, 21, 18);
const seeds = fc.nat(2 ** 31);
/** From a moment to a month. */
const ticks = fc.array(fc.double({ min: 0.001, max: 2_600_000, noNaN: true }), { maxLength: 40 });

function* live(behaviour: Behaviour, seed: number, seconds: readonly number[]): Generator<DeviceState> {
  const random = seeded(seed);
  let state = behaviour.initial({ random, now });
  yield state;
  for (const step of seconds) {
    state = behaviour.tick(state, { seconds: step, random });
    yield state;
  }
}

function refusal(behaviour: Behaviour, name: string, args: Json): unknown {
  const state = behaviour.initial({ random: seeded(1), now });
  try {
    return behaviour.command(state, name, args);
  } catch (error) {
    return error;
  }
}

function expectWithinAbout(behaviour: Behaviour, readings: FlatTelemetry): void {
  expect(Object.keys(readings)).to.have.members(Object.keys(behaviour.about.metrics));
  for (const [metric, value] of Object.entries(readings)) {
    const { min = -Infinity, max = Infinity } = behaviour.about.metrics[metric]!;
    if (typeof value === 'number') expect(value, metric).to.be.within(min, max);
  }
}

for (const [kind, behaviour] of Object.entries(behaviours)) {
  describe(`the ${kind}`, () => {
    it('says of itself what the topic takes', () => {
      const decoded = topics.deviceAbout.codec.decode(topics.deviceAbout.codec.encode(behaviour.about));

      expect(decoded).to.deep.equal(behaviour.about);
    });

    it('reads every metric it announces, within its bounds, however long a tick is', () => {
      fc.assert(
        fc.property(seeds, ticks, (seed, seconds) => {
          for (const state of live(behaviour, seed, seconds)) expectWithinAbout(behaviour, behaviour.readings(state));
        }),
      );
    });

    it('lives the same life again from the same seed', () => {
      fc.assert(
        fc.property(seeds, ticks, (seed, seconds) => {
          expect([...live(behaviour, seed, seconds)]).to.deep.equal([...live(behaviour, seed, seconds)]);
        }),
      );
    });

    it('has a state that survives being written as JSON', () => {
      fc.assert(
        fc.property(seeds, ticks, (seed, seconds) => {
          for (const state of live(behaviour, seed, seconds)) {
            expect(JSON.parse(JSON.stringify(state))).to.deep.equal(state);
          }
        }),
      );
    });

    it('leaves the state it was given as it was', () => {
      const state = Object.freeze(behaviour.initial({ random: seeded(1), now }));

      const tick = (): unknown => behaviour.tick(state, { seconds: 60, random: seeded(2) });

      expect(tick).not.to.throw();
    });

    it('refuses a command it does not have, naming those it has', () => {
      const error = refusal(behaviour, 'explode', {});

      expect(error).to.be.instanceOf(CommandRefused);
      expect(error).to.have.property('message').that.includes(Object.keys(behaviour.about.commands)[0]);
    });

    for (const command of Object.keys(behaviour.about.commands)) {
      it(`refuses arguments of ${command} that are no object, or have a key it does not know`, () => {
        const errors = [null, [], 'on', 7, { nonsense: 1 }].map((args) => refusal(behaviour, command, args));

        for (const error of errors) expect(error).to.be.instanceOf(CommandRefused);
      });

      it(`announces the arguments of ${command} as a closed JSON Schema`, () => {
        const { args } = behaviour.about.commands[command]!;

        expect(args).to.include({ type: 'object', additionalProperties: false });
      });
    }
  });
}
