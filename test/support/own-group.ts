import { beforeAll } from "vitest";

const kill = process.kill;

/** `process.kill(0)` ends the caller's whole group: the tests, and whoever runs them. A pid that nobody knows becomes 0 easily. */
function killOthers(pid: number, signal?: string | number): true {
  if (pid === 0) throw new RangeError("This signal would end the tests themselves: the pid is not known");
  return kill.call(process, pid, signal);
}

beforeAll(() => {
  process.kill = killOthers;
  return () => {
    process.kill = kill;
  };
});
