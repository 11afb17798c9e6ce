import { isObject, type JsonObject, stringOf } from "../transcript/json-fields.ts";

/**
 * What "allow and remember" makes of Claude Code's suggestions, in its own words. Beside a rule for such uses it suggests
 * to change the mode (acceptEdits: seen in 2.1.197 and 2.1.330), which would allow uses that nobody was asked about. That
 * remains where it is all that is offered, as for Write.
 */
export function remembered(suggestions: readonly unknown[]): readonly unknown[] {
  const others = suggestions.filter((suggestion) => !(isObject(suggestion) && suggestion.type === "setMode"));
  return (others.length > 0 ? others : suggestions).map(forThisSession);
}

/** The same for people, such as `Bash(npm test:*) for this session`; undefined when there is nothing to remember. */
export function rememberedText(suggestions: readonly unknown[]): string | undefined {
  const parts = remembered(suggestions).flatMap((suggestion) => (isObject(suggestion) ? inWords(suggestion) : []));
  return parts.length === 0 ? undefined : `${parts.join(", ")} for this session`;
}

/** Claude Code suggests to write a rule into the project's own settings; nothing of ours is written into a codebase. */
function forThisSession(suggestion: unknown): unknown {
  return isObject(suggestion) ? { ...suggestion, destination: "session" } : suggestion;
}

function inWords(suggestion: JsonObject): string[] {
  switch (suggestion.type) {
    case "addRules":
      return objectsIn(suggestion.rules).map((rule) => {
        const content = stringOf(rule.ruleContent);
        return `${stringOf(rule.toolName) ?? "any tool"}${content === null ? "" : `(${content})`}`;
      });
    case "addDirectories": {
      const folders = Array.isArray(suggestion.directories) ? suggestion.directories : [];
      return folders.flatMap((folder) => (typeof folder === "string" ? `work in ${folder}` : []));
    }
    case "setMode":
      return [`permission mode ${stringOf(suggestion.mode) ?? "unknown"}`];
    default:
      return [stringOf(suggestion.type) ?? "something unknown"];
  }
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
