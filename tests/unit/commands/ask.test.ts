import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { ask, type Question } from '../../../src/commands/ask.ts'

const name: Question = { text: 'What is it called?', otherwise: 'demand' }
const owner: Question = {
  text: 'Who owns it?',
  problem: (answer) => (answer.startsWith('@') ? undefined : 'It must begin with @.'),
}

it('takes the answers of a person in their order, and what is offered for an empty one', async () => {
  const { answers, shown } = await typed([name, owner], ['', '  @maria '])
  expect(answers).toEqual(['demand', '@maria'])
  expect(shown).toBe('What is it called? [demand] Who owns it? ')
})

it('asks again, with the reason, until an answer can be used', async () => {
  const { answers, shown } = await typed([owner], ['', 'maria', '@maria'])
  expect(answers).toEqual(['@maria'])
  expect(shown).toContain('There has to be an answer.')
  expect(shown).toContain('It must begin with @.')
})

it('keeps what is pasted ahead for the questions to come', async () => {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end('previsao\n@maria\n')
  expect(await ask([name, owner], { input, output })).toEqual(['previsao', '@maria'])
})

it('ends with a mistake, not without a word, where the answers end before the questions', async () => {
  await expect(typed([owner], [])).rejects.toThrow(/Who owns it\?/)
})

/** Types each line when the one before has been taken, then ends the input. */
async function typed(questions: Question[], lines: string[]) {
  const input = new PassThrough()
  const output = new PassThrough()
  let shown = ''
  const left = [...lines]
  output.on('data', (text) => {
    shown += text
    if (!String(text).endsWith(' ')) return
    const line = left.shift()
    if (line === undefined) input.end()
    else input.write(`${line}\n`)
  })
  return { answers: await ask(questions, { input, output }), shown }
}
