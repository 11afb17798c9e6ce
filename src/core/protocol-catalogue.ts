import { AppError } from "./errors.ts";
import { nameKey } from "./front-matter.ts";
import { nearNames } from "./near-names.ts";
import type { MarkdownFile } from "./ports/markdown-source.ts";
import { PROTOCOL_ORIGINS, type Protocol, type ProtocolOrigin } from "./protocol.ts";
import { isProtocolProblem, type ProtocolProblem, readProtocol } from "./protocol-file.ts";

/** All working protocols that can be had in one place, each name once, and the files that cannot be used. */
export interface ProtocolCatalogue {
  protocols: Protocol[];
  problems: ProtocolProblem[];
}

/** The protocols of these places: of each name the first one, in the order of PROTOCOL_ORIGINS. */
export function collectProtocols(
  places: readonly { origin: ProtocolOrigin; files: readonly MarkdownFile[] }[],
): ProtocolCatalogue {
  const protocols = new Map<string, Protocol>();
  const problems: ProtocolProblem[] = [];
  for (const { origin, files } of places.toSorted((a, b) => rank(a.origin) - rank(b.origin))) {
    for (const file of files) {
      const read = readProtocol(file, origin);
      if (isProtocolProblem(read)) {
        problems.push(read);
        continue;
      }
      const earlier = protocols.get(nameKey(read.name));
      if (!earlier) protocols.set(nameKey(read.name), read);
      else if (earlier.origin === origin) problems.push(secondOf(read, earlier));
    }
  }
  return { protocols: [...protocols.values()], problems };
}

/**
 * The protocol of this name or alias; a name goes before an alias. A file that should have been it and cannot be read is
 * never passed over for another one further down.
 * @throws PROTOCOL_FILE_INVALID, PROTOCOL_NOT_FOUND with near names
 */
export function findProtocol({ protocols, problems }: ProtocolCatalogue, name: string): Protocol {
  const key = nameKey(name);
  const found =
    protocols.find((protocol) => nameKey(protocol.name) === key) ??
    protocols.find(({ aliases }) => aliases.some((alias) => nameKey(alias) === key));
  const keys = [key, ...(found ? [nameKey(found.name)] : [])];
  const broken = problems.find((problem) => keys.includes(nameKey(problem.name)));
  if (broken && (!found || rank(broken.origin) < rank(found.origin))) {
    const { file, line, message } = broken;
    throw new AppError("PROTOCOL_FILE_INVALID", `${file}:${line}: ${message}`, { details: { file, line } });
  }
  if (found) return found;
  const near = nearNames(
    name,
    protocols.flatMap((protocol) => [protocol.name, ...protocol.aliases]),
  );
  throw new AppError("PROTOCOL_NOT_FOUND", `There is no protocol ${JSON.stringify(name)}`, {
    ...(near.length > 0
      ? { hint: `Did you mean ${near.join(" or ")}? claude-orch protocol list shows them all.` }
      : {}),
    details: { protocol: name, near },
  });
}

function secondOf({ name, file, origin }: Protocol, earlier: Protocol): ProtocolProblem {
  return { origin, file, line: 1, message: `${earlier.file} has the name ${name}, too, and is used`, name };
}

function rank(origin: ProtocolOrigin): number {
  return PROTOCOL_ORIGINS.indexOf(origin);
}
