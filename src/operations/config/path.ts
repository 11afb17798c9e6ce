import * as z from "zod";
import { defineOperation } from "../operation.ts";

export const configPath = defineOperation({
  name: "config.path",
  title: "Paths of the configuration",
  summary: "Show where settings and state are kept",
  description:
    "Shows the user's configuration file, the project's one where there is any, and the home folder that holds the store.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({}),
  output: z.object({ user: z.string(), project: z.string().nullable(), home: z.string() }),
  errors: [],
  cli: { examples: ["config path"] },
  async run(_input, context) {
    return { ...context.settingsSource.paths(), home: context.home };
  },
});
