// Runs cases one after the other, and prints the summary that tests/tally.py reads.

const cases = [];

export function test(name, run) {
  cases.push([name, run]);
}

export async function runAll(around = (run) => run()) {
  let failed = 0;
  for (const [name, run] of cases) {
    try {
      await around(run, name);
      console.log(`ok      ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
  console.log(`test cases: ${cases.length} | ${cases.length - failed} passed | ${failed} failed | 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
