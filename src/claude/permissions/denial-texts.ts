/**
 * What Claude Code tells its model when a tool may not be used, in 2.1.197 and 2.1.330. 2.1.330 also writes down its
 * reason in data; these are for versions that do not.
 */
export const DENIED_BY_RULE =
  /^(?:<tool_use_error>)?(?:Permission to use .+ has been denied\.|File is (?:in a directory that is denied by|covered by a \w+ deny rule in) your permission settings)/s;

/** A tool that is denied altogether is not offered, and whoever calls it all the same is told so. */
export const NOT_OFFERED = /^(?:<tool_use_error>)?Error: No such tool available: /;

export const DENIED_BY_MODE =
  /because Claude Code is running in don't ask mode|while in plan mode\.$|^Auto mode is unavailable/;

/** Nobody was there to be asked: only without a terminal. */
export const NOBODY_TO_ASK = /but you haven't granted it yet\.$|^This command requires approval$/;
