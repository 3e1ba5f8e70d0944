import { expect } from 'chai';
import { behaviours } from '../../src/behaviours/all.ts';
import { CommandRefused } from '../../src/behaviours/behaviour.ts';
import type { Behaviour, DeviceState } from '../../src/behaviours/behaviour.ts';
import { seeded } from '../../src/random.ts';

const { thermostat, lamp, meter, door } = behaviours;
const midnight = Date.UTC(2026, 10, 21);
const hour = 3600;

function fresh(behaviour: Behaviour, now = midnight): DeviceState {
  return behaviour.initial({ random: seeded(7), now });
}

function after(behaviour: Behaviour, state: DeviceState, seconds: number, step = 10): DeviceState {
  const random = seeded(7);
  for (let passed = 0; passed < seconds; passed += step) state = behaviour.tick(state, { seconds: step, random });
  return state;
}

describe('what each kind of device does', () => {
  it('a thermostat brings the room to its target and holds it there', () => {
    const set = thermostat.command(fresh(thermostat), 'set', { target: 23 });

    const settled = thermostat.readings(after(thermostat, set, 6 * hour));

    expect(settled['temperature']).to.be.closeTo(23, 0.8);
  });

  it('a thermostat takes targets from 5 to 30 degrees only', () => {
    const state = fresh(thermostat);

    expect(thermostat.report(thermostat.command(state, 'set', { target: 5 }))).to.include({ target: 5 });
    expect(thermostat.report(thermostat.command(state, 'set', { target: 30 }))).to.include({ target: 30 });
    for (const target of [4.9, 30.1, NaN, '21']) {
      expect(() => thermostat.command(state, 'set', { target })).to.throw(CommandRefused, 'args.target');
    }
  });

  it('a lamp that is dimmed draws less, and next to nothing when it is off', () => {
    const [full, half] = [100, 50].map((brightness) => lamp.command(fresh(lamp), 'set', { on: true, brightness }));
    const off = lamp.command(full!, 'set', { on: false });

    const watts = [full!, half!, off].map((state) => lamp.readings(state)['power']);

    expect(watts).to.deep.equal([9, 4.7, 0.4]);
  });

  it('a lamp takes either setting alone, and refuses none and those out of range', () => {
    const state = lamp.command(fresh(lamp), 'set', { on: true, brightness: 40 });

    expect(lamp.report(lamp.command(state, 'set', { on: false }))).to.deep.equal({ on: false, brightness: 40 });
    expect(lamp.report(lamp.command(state, 'set', { brightness: 0 }))).to.deep.equal({ on: true, brightness: 0 });
    for (const args of [{}, { brightness: 101 }, { brightness: -1 }, { brightness: 2.5 }, { on: 'yes' }]) {
      expect(() => lamp.command(state, 'set', args)).to.throw(CommandRefused);
    }
  });

  it('a meter counts more in the evening than at night', () => {
    const used = [2, 19].map((start) => {
      const state = meter.command(fresh(meter, midnight + start * hour * 1000), 'reset', {});
      return Number(meter.readings(after(meter, state, hour))['energy']);
    });

    expect(used[0]).to.be.within(0.1, 0.5);
    expect(used[1]).to.be.within(1.5, 3.5);
  });

  it('a meter starts from nothing when it is reset', () => {
    const state = meter.command(after(meter, fresh(meter), hour), 'reset', {});

    expect(meter.report(state)).to.deep.equal({ tariff: 'night', energy: 0 });
  });

  it('a door that is locked is shut and stays shut', () => {
    const locked = door.command({ ...fresh(door), open: true }, 'lock', { locked: true });

    const later = after(door, locked, 24 * hour);

    expect(door.report(locked)).to.deep.equal({ open: false, locked: true });
    expect(door.report(later)).to.deep.equal({ open: false, locked: true });
  });

  it('a door that is not locked is used now and then', () => {
    const random = seeded(3);
    let state = door.command(fresh(door), 'lock', { locked: false });

    const open = Array.from({ length: 500 }, () => {
      state = door.tick(state, { seconds: 10, random });
      return state['open'];
    });

    expect(open.filter(Boolean).length).to.be.within(20, 200);
  });
});
