import { expect, it } from 'vitest'
import { isTriggered, type Trigger } from '../../workflows/triggers.ts'

it.each<[string, Trigger, boolean]>([
  ['on: push', { event: 'push', branch: 'a' }, true],
  ['on: [push, schedule]', { event: 'schedule' }, true],
  ['on: { push: }', { event: 'schedule' }, false],
  ['on: { push: { branches: [main] } }', { event: 'push', branch: 'main' }, true],
  ['on: { push: { branches: [main] } }', { event: 'push', branch: 'main/2' }, false],
  ['on: { push: { branches-ignore: [a, "b/**"] } }', { event: 'push', branch: 'b/c/d' }, false],
  ['on: { push: { branches-ignore: [a, "b/**"] } }', { event: 'push', branch: 'c' }, true],
  ['on: { push: { branches: ["a/*", "!a/b"] } }', { event: 'push', branch: 'a/b' }, false],
  ['on: { push: { branches: ["a/*"] } }', { event: 'push', branch: 'a/b/c' }, false],
  ['on: { push: { paths: ["data/**"] } }', { event: 'push', files: ['x', 'data/s/1.csv'] }, true],
  ['on: { push: { paths: ["data/**"] } }', { event: 'push', files: ['src/data/x.ts'] }, false],
  ['on: pull_request', { event: 'pull_request', action: 'opened' }, true],
  ['on: pull_request', { event: 'pull_request', action: 'closed' }, false],
  ['on: { pull_request: }', { event: 'pull_request', action: 'labeled' }, false],
  ['on: { pull_request: { types: [closed] } }', { event: 'pull_request', action: 'closed' }, true],
])('starts the workflows that GitHub would start: %s, %o', (on, trigger, started) => {
  expect(isTriggered(on, trigger)).toBe(started)
})
