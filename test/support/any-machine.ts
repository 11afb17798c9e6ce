/** Agents for tasks are started whatever else the machine of the tests is doing: its load may be ten times what is usual. */
export const ANY_MACHINE = { CLAUDE_ORCH_MAX_LOAD: "0", CLAUDE_ORCH_MIN_FREE_MEMORY: "0" };
