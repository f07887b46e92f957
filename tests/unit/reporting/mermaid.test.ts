import { describe, expect, test } from 'vitest'
import { mermaidChart, plainLabel } from '../../../src/reporting/mermaid.ts'
import { naughty } from './examples.ts'

describe('charts drawn from text', () => {
  test.each(naughty)('a name from outside does not leave its quotes: $what', ({ text }) => {
    expect(plainLabel(text)).toMatch(/^[\p{L}\p{M}\p{N} .,()%&+/=…-]{1,30}$/u)
  })

  test('a doubled percent sign, a comment in Mermaid, does not cut the chart off', () => {
    expect(plainLabel('50%% off -->')).toBe('50% off -')
  })

  test('letters of any language stay as they are', () => {
    expect(plainLabel('Pães & bolos 日本語')).toBe('Pães & bolos 日本語')
  })

  test('small values keep a form that Mermaid reads, without exponent', () => {
    const chart = mermaidChart({
      title: 'T',
      axis: 'A',
      labels: ['1', '2'],
      plotted: [{ kind: 'line', colour: '#000000', values: [1e-9, 0.00012] }],
    })
    expect(chart).toContain('line [0, 0.0001]')
  })

  test('values that are all zero still have an axis of some height', () => {
    const plotted = [{ kind: 'bar', colour: '#000000', values: [0, 0] } as const]
    const chart = mermaidChart({
      title: 'T',
      axis: 'A',
      labels: ['1', '2'],
      plotted: plotted.map((one) => ({ ...one, values: [...one.values] })),
    })
    expect(chart).toContain('y-axis "A" 0 --> 1\n')
  })
})
