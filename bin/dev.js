#!/usr/bin/env node
// Builds and runs: for working on claude-orch itself.
import "../.ci/build.mjs";
import "./run.js";
