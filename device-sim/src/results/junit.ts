import type { Results, Verdict } from './results.ts';

/** The expectations as JUnit XML, which every CI service reads. */
export function junit({ scenario, expectations, seconds }: Results): string {
  const failed = expectations.filter(({ passed }) => !passed).length;
  const suite = `name="${escape(scenario)}" tests="${expectations.length}" failures="${failed}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite ${suite} time="${seconds.toFixed(3)}">`,
    ...expectations.map((one) => testcase(scenario, one)),
    '</testsuite></testsuites>',
    '',
  ].join('\n');
}

function testcase(scenario: string, { name, expected, actual, passed }: Verdict): string {
  const open = `<testcase classname="${escape(scenario)}" name="${escape(`${name} ${expected}`)}" time="0"`;
  if (passed) return `${open}/>`;
  return `${open}><failure message="${escape(`expected ${expected}, was ${actual}`)}"/></testcase>`;
}

/** XML 1.0 has no place for most control characters, not even escaped. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ');
}
