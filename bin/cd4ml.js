#!/usr/bin/env node
import { fileURLToPath } from 'node:url'

process.argv.splice(2, 0, fileURLToPath(new URL('../src/cli.ts', import.meta.url)))
await import('./run.js')
