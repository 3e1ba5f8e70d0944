import * as z from 'zod';
import { around } from '../random.ts';
import { behaviour, clamp, round } from './behaviour.ts';

/** `metres` along the route, `speed` in km/h, `kilometres` driven in all. */
type State = { metres: number; speed: number; kilometres: number; paused: boolean };

/** A round trip through the middle of Zürich: latitude and longitude in degrees. */
const route: readonly (readonly [latitude: number, longitude: number])[] = [
  [47.3779, 8.5403],
  [47.3769, 8.5417],
  [47.3724, 8.5423],
  [47.3667, 8.5453],
  [47.3655, 8.5467],
  [47.3696, 8.5528],
  [47.3767, 8.5482],
  [47.3786, 8.5442],
];

const metresPerDegree = 111_195;
const topSpeed = 50;
/** How long the speed takes to forget what it was. */
const timeConstantSeconds = 20;

interface Leg {
  readonly from: readonly [number, number];
  readonly north: number;
  readonly east: number;
  readonly metres: number;
}

const legs: readonly Leg[] = route.map((from, index) => {
  const to = route[(index + 1) % route.length]!;
  const north = (to[0] - from[0]) * metresPerDegree;
  const east = (to[1] - from[1]) * metresPerDegree * Math.cos((from[0] * Math.PI) / 180);
  return { from, north, east, metres: Math.hypot(north, east) };
});
const roundTrip = legs.reduce((sum, { metres }) => sum + metres, 0);

/** A vehicle that drives round a route of streets, faster and slower. */
export const tracker = behaviour({
  model: 'Parley Tracker',
  metrics: {
    latitude: { unit: '°', min: -90, max: 90, class: 'latitude' },
    longitude: { unit: '°', min: -180, max: 180, class: 'longitude' },
    speed: { unit: 'km/h', min: 0, max: topSpeed, class: 'speed' },
    heading: { unit: '°', min: 0, max: 360 },
    distance: { unit: 'km', min: 0, class: 'distance' },
  },
  commands: {
    pause: {
      args: z.strictObject({ paused: z.boolean() }),
      run: (state: State, { paused }): State => ({ ...state, paused, speed: paused ? 0 : state.speed }),
    },
  },
  initial: ({ random }): State => ({
    metres: random() * roundTrip,
    speed: random() * topSpeed,
    kilometres: Math.floor(random() * 50_000),
    paused: false,
  }),
  tick: (state, { seconds, random }) => {
    if (state.paused) return state;
    const kept = Math.exp(-seconds / timeConstantSeconds);
    const speed = clamp(28 + (state.speed - 28) * kept + around(random, 22) * (1 - kept), 0, topSpeed);
    const driven = (((state.speed + speed) / 2) * seconds) / 3.6;
    return {
      ...state,
      speed,
      metres: (state.metres + driven) % roundTrip,
      kilometres: state.kilometres + driven / 1000,
    };
  },
  report: ({ paused, kilometres }) => ({ paused, kilometres: Math.floor(kilometres) }),
  readings: ({ metres, speed, kilometres }) => {
    const { latitude, longitude, heading } = place(metres);
    return { latitude, longitude, speed: round(speed, 1), heading, distance: round(kilometres, 3) };
  },
});

function place(metres: number): { latitude: number; longitude: number; heading: number } {
  let left = metres;
  let index = 0;
  while (index < legs.length - 1 && left > legs[index]!.metres) left -= legs[index++]!.metres;
  const { from, north, east, metres: length } = legs[index]!;
  const share = Math.min(1, left / length);
  const perDegreeEast = metresPerDegree * Math.cos((from[0] * Math.PI) / 180);
  return {
    latitude: round(from[0] + (north * share) / metresPerDegree, 6),
    longitude: round(from[1] + (east * share) / perDegreeEast, 6),
    heading: round((Math.atan2(east, north) * 180) / Math.PI + 360, 0) % 360,
  };
}
