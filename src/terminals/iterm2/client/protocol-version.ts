/** Version of iTerm2's API: 1.11 in iTerm2 3.5 and 3.6, 1.17 in 3.7. */
export interface ProtocolVersion {
  major: number;
  minor: number;
}

/** Of the header `X-iTerm2-Protocol-Version`. `0.0` when there is none, so that no ability is taken for granted. */
export function parseProtocolVersion(header: string | undefined): ProtocolVersion {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(header ?? "") ?? [];
  return { major: Number(major), minor: Number(minor) };
}

export function isAtLeast(version: ProtocolVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
