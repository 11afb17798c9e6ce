import { shellQuote } from "./shell-quote.ts";

/**
 * The agent's editor. A text that was prepared in `input` (see `EditorText`) takes the place of Claude Code's
 * prompt file; everything else, a person's own Ctrl-G and git included, goes to the person's real editor.
 *
 * A prepared text carries its deadline in its name (epoch seconds), so that one left over by a crash is thrown away
 * instead of replacing what a person writes. When a person's Ctrl-G comes first and takes the text, ours finds the mark
 * `taken` and changes nothing: the text stands in the box already, and no real editor swallows the keys that follow.
 */
export function editorScript(input: string): string {
  const folder = shellQuote(input);
  return `#!/bin/sh
# Written by claude-orch: hands prepared prompts to Claude Code, and everything else to the real editor.
prompt=
for argument in "$@"; do prompt=$argument; done
case \${prompt##*/} in
claude-prompt-*)
  now=$(command -p date +%s)
  for text in ${folder}/*.text; do
    [ -f "$text" ] || continue
    deadline=\${text##*/}
    deadline=\${deadline%%-*}
    if [ "$now" -gt "$deadline" ]; then
      command -p rm -f "$text"
    else
      # The keys that follow may be typed before Claude Code is back: a line-wise terminal would turn Enter into a line feed.
      command -p stty raw -echo </dev/tty 2>/dev/null
      # Whoever moves it has it: a text that was withdrawn at this instant is not handed over.
      command -p mv "$text" "$text.taken" 2>/dev/null || continue
      echo "$now" >${folder}/taken
      command -p cat "$text.taken" >"$prompt"
      command -p rm -f "$text.taken"
      exit 0
    fi
  done
  if [ -f ${folder}/taken ]; then
    read -r taken <${folder}/taken
    command -p rm -f ${folder}/taken
    [ "$now" -le $((taken + 2)) ] && exit 0
  fi
  ;;
esac
VISUAL=$CLAUDE_ORCH_REAL_VISUAL
EDITOR=$CLAUDE_ORCH_REAL_EDITOR
editor=\${VISUAL:-\${EDITOR:-}}
if [ -z "$editor" ]; then
  for editor in nano vim vi; do command -v "$editor" >/dev/null && break; done
fi
[ -n "$VISUAL" ] || unset VISUAL
[ -n "$EDITOR" ] || unset EDITOR
# The variable is a command line by custom: "code --wait".
eval "exec $editor \\"\\$@\\""
`;
}
