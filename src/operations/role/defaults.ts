import type { PermissionMode } from "../../core/agent.ts";
import type { Role } from "../../core/role.ts";
import type { Settings } from "../../core/settings.ts";

type Source = "flag" | "role" | "setting" | "default";

interface Start {
  model: { value: string | null; from: Source };
  permissionMode: { value: PermissionMode; from: Source };
}

/** The model and permission mode that an agent starts with: flag over role over setting over Claude Code's own. */
export function startsWith(
  role: Role,
  flags: { model?: string | undefined; permissionMode?: PermissionMode | undefined },
  settings: Pick<Settings, "model">,
): Start {
  const models: [string | null | undefined, Source][] = [
    [flags.model, "flag"],
    [role.model, "role"],
    [settings.model, "setting"],
  ];
  const modes: [PermissionMode | null | undefined, Source][] = [
    [flags.permissionMode, "flag"],
    [role.permissionMode, "role"],
  ];
  return { model: first(models, null), permissionMode: first(modes, "default") };
}

function first<T>(values: readonly [T | null | undefined, Source][], otherwise: T): { value: T; from: Source } {
  for (const [value, from] of values) if (value !== null && value !== undefined) return { value, from };
  return { value: otherwise, from: "default" };
}
