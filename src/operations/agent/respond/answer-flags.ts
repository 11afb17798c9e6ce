import type { AgentRequest } from "../../../core/request.ts";

type Asked = Pick<AgentRequest, "kind" | "canRemember" | "via" | "options" | "questions">;

/** The ways to answer a request, as flags of `agent respond`: what one is most likely to want first. */
export function answerFlags(request: Asked): string[] {
  switch (request.kind) {
    case "permission":
      // No key tells a reason to the dialog of a plan.
      return ["--allow", ...(request.canRemember ? ["--allow --remember"] : []), "--deny --text 'WHY'"];
    case "plan":
      return ["--allow", ...(request.via === "keys" ? ["--deny"] : ["--text 'WHAT TO CHANGE'"])];
    case "question":
      return [...choiceFlags(request), "--text 'YOUR ANSWER'", "--deny"];
    case "dialog":
      return request.options?.length ? choiceFlags(request) : ["--allow", "--deny"];
  }
}

function choiceFlags({ questions, options }: Asked): string[] {
  if (questions && questions.length > 1) return [questions.map((_, index) => `--choice ${index + 1}:1`).join(" ")];
  const labels = questions?.[0]?.options ?? options ?? [];
  const each = labels.map((_, index) => `--choice ${index + 1}`);
  return questions?.[0]?.multiSelect && each.length > 1 ? [...each, each.slice(0, 2).join(" ")] : each;
}
