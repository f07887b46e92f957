import { expect, it } from 'vitest'
import { parseBreak, parseDrift } from '../../../src/commands/options.ts'

it.each([
  ['+0.5@20', { kind: 'level', share: 0.5, week: 20 }],
  ['-0.5@20', { kind: 'level', share: -0.5, week: 20 }],
  ['0.5@20', { kind: 'restless', share: 0.5, week: 20 }],
  ['+2@1', { kind: 'level', share: 2, week: 1 }],
])('a break written as %s is the one that --help tells of', (text, shift) => {
  expect(parseBreak(text)).toEqual(shift)
})

it.each([
  '0.5',
  '@20',
  '0@20',
  '-1@20',
  '1@20',
  '+0.5@0',
  '0.5@-1',
  '0,5@20',
  '+11@3',
  '1e1@2',
  '',
  'NaN@2',
  '0.5@20;rm',
])('a break written as %j is asked about: demand cannot become that', (text) => {
  expect(() => parseBreak(text)).toThrow('It must be a share and a week')
})

it.each([
  ['0.01', 0.01],
  ['-.02', -0.02],
])('a drift of %s is so much every week, from the first on', (text, share) => {
  expect(parseDrift(text)).toEqual({ kind: 'drift', share, week: 1 })
})

it.each(['0', '1', '0.5', '-0.2', 'x', ''])('a drift of %j is asked about', (text) => {
  expect(() => parseDrift(text)).toThrow('It must be a share of at most 0.1')
})
