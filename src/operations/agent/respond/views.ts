import type { AgentRequest, RequestView } from "../../../core/request.ts";
import { isoTime } from "../../views.ts";

export function toRequestView({ evidence: _, since, ...request }: AgentRequest): RequestView {
  return { ...request, since: since === null ? null : isoTime(since) };
}
