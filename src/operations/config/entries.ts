import * as z from "zod";
import type { SettingEntry } from "../../core/ports/settings-source.ts";
import { environmentName, SETTINGS } from "../../core/settings.ts";

export const settingView = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  origin: z.enum(["flag", "environment", "project", "user", "default"]).describe("Where the value comes from"),
  about: z.string(),
  environment: z.string().describe("Environment variable that sets it"),
});

export function toSettingView(entry: SettingEntry): z.output<typeof settingView> {
  return { ...entry, about: SETTINGS[entry.name].about, environment: environmentName(entry.name) };
}
