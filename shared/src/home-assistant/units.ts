/**
 * Units as Home Assistant writes them, by those of SenML (RFC 8428 §12.1) and other usual spellings. A unit that is not
 * here is shown as it is.
 */
const spellings: Readonly<Record<string, string>> = {
  Cel: '°C',
  degC: '°C',
  C: '°C',
  degF: '°F',
  F: '°F',
  lux: 'lx',
  '%RH': '%',
  '%EL': '%',
  l: 'L',
  m3: 'm³',
  'm3/s': 'm³/s',
  'm3/h': 'm³/h',
  'l/s': 'L/s',
  'W/m2': 'W/m²',
  deg: '°',
  dBW: 'dB',
  count: '',
  '/': '',
};

/** Units that each device class of a sensor is taken with; Home Assistant refuses another (Sensor, "Device class"). */
const unitsOf: Readonly<Record<string, readonly string[]>> = {
  apparent_power: ['VA', 'mVA', 'kVA'],
  aqi: [''],
  atmospheric_pressure: ['hPa', 'Pa', 'kPa', 'mbar', 'cbar', 'bar', 'mmHg', 'inHg', 'psi'],
  battery: ['%'],
  carbon_dioxide: ['ppm'],
  carbon_monoxide: ['ppm'],
  conductivity: ['S/cm', 'mS/cm', 'µS/cm'],
  current: ['A', 'mA'],
  data_rate: ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'B/s', 'kB/s', 'MB/s', 'GB/s'],
  data_size: ['bit', 'kbit', 'Mbit', 'B', 'kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'],
  distance: ['m', 'km', 'cm', 'mm', 'in', 'ft', 'yd', 'mi'],
  duration: ['s', 'min', 'h', 'd', 'ms'],
  energy: ['kWh', 'Wh', 'MWh', 'GWh', 'J', 'kJ', 'MJ', 'GJ'],
  frequency: ['Hz', 'kHz', 'MHz', 'GHz'],
  gas: ['m³', 'ft³'],
  humidity: ['%'],
  illuminance: ['lx'],
  irradiance: ['W/m²'],
  moisture: ['%'],
  ph: [''],
  pm1: ['µg/m³'],
  pm10: ['µg/m³'],
  pm25: ['µg/m³'],
  power: ['W', 'kW', 'mW', 'MW', 'GW'],
  power_factor: ['%', ''],
  precipitation_intensity: ['mm/h', 'mm/d', 'in/h', 'in/d'],
  pressure: ['Pa', 'hPa', 'kPa', 'mbar', 'cbar', 'bar', 'mmHg', 'inHg', 'psi'],
  reactive_power: ['var'],
  signal_strength: ['dBm', 'dB'],
  sound_pressure: ['dBA', 'dB'],
  speed: ['m/s', 'km/h', 'mm/s', 'ft/s', 'mph', 'kn'],
  temperature: ['°C', '°F', 'K'],
  voltage: ['V', 'mV', 'µV', 'kV', 'MV'],
  volume_flow_rate: ['m³/h', 'm³/s', 'L/min', 'L/s', 'L/h', 'mL/s', 'gal/min'],
  water: ['L', 'm³', 'ft³', 'gal'],
  weight: ['kg', 'g', 'mg', 'µg', 'oz', 'lb'],
  wind_direction: ['°'],
  wind_speed: ['m/s', 'km/h', 'ft/s', 'mph', 'kn'],
};

/** Classes that a unit alone says nothing about, as others share it. */
const vague = new Set([
  'aqi',
  'atmospheric_pressure',
  'battery',
  'carbon_dioxide',
  'carbon_monoxide',
  'gas',
  'humidity',
  'moisture',
  'ph',
  'pm1',
  'pm10',
  'pm25',
  'power_factor',
  'sound_pressure',
  'water',
  'wind_direction',
  'wind_speed',
]);

const classOfUnit = new Map(
  Object.entries(unitsOf).flatMap(([name, units]) =>
    vague.has(name) ? [] : units.map((unit) => [unit, name] as const),
  ),
);
classOfUnit.set('%RH', 'humidity').set('%EL', 'battery');

/** Counters that only grow. */
export const totals = new Set(['energy', 'gas', 'water']);

export function unitOf(unit: string | undefined): string {
  return unit === undefined ? '' : Object.hasOwn(spellings, unit) ? spellings[unit]! : unit.slice(0, 32);
}

/**
 * The device class of a sensor: the one the device names, or the metric's own name where that is one, if its unit fits;
 * else what the unit says. Undefined when neither says anything.
 */
export function sensorClass(metric: string, given: string | undefined, unit: string | undefined): string | undefined {
  const written = unitOf(unit);
  const named = [given, metric].find((one) => one !== undefined && fits(one, written));
  return named ?? classOfUnit.get(unit ?? '') ?? classOfUnit.get(written);
}

function fits(name: string, unit: string): boolean {
  return Object.hasOwn(unitsOf, name) && unitsOf[name]!.includes(unit);
}

/** Device classes of a binary sensor (Binary sensor, "Device class"). Of a `lock` on means open, which no device means. */
export const binaryClasses: ReadonlySet<string> = new Set(
  (
    'battery_charging cold connectivity door garage_door heat light motion moving ' +
    'occupancy opening plug presence problem running safety smoke sound tamper update vibration window'
  ).split(' '),
);
