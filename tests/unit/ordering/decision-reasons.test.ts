import { expect, it } from 'vitest'
import { readDecisionReasons } from '../../../src/ordering/decision-reasons.ts'
import { REPOSITORY } from '../../project.ts'
import { put, temporaryFolder } from '../../repository.ts'

it('gives a chain without a file the reasons that the template ships', async () => {
  const usual = await readDecisionReasons(await temporaryFolder())
  expect(usual.map(({ id }) => id)).toContain('event')
  expect(await readDecisionReasons(REPOSITORY)).toEqual(usual)
})

it('shows buyers the reasons of their chain, in its order and in both languages', async () => {
  const reasons = await readText(`reasons:
  - { id: strike, en: Strike, pt-BR: Greve }
  - { id: event, en: Party, pt-BR: Festa }
`)
  expect(reasons.map(({ id, 'pt-BR': text }) => `${id} ${text}`)).toEqual([
    'strike Greve',
    'event Festa',
  ])
})

it.each([
  ['an id that no ledger keeps', '{ id: Greve!, en: Strike, pt-BR: Greve }', /reasons\.0\.id/],
  ['only one language', '{ id: strike, en: Strike }', /pt-BR/],
  ['nothing to read', "{ id: strike, en: ' ', pt-BR: Greve }", /reasons\.0\.en/],
  ['a third language', '{ id: a, en: a, pt-BR: a, de: a }', /"de"/],
])('refuses a reason with %s, and says where', async (_, reason, message) => {
  await expect(readText(`reasons: [${reason}]`)).rejects.toThrow(message)
})

it('refuses a list without reasons, and one that has a reason twice', async () => {
  await expect(readText('reasons: []')).rejects.toThrow(/decisions\.yml: reasons/)
  const twice = '{ id: a, en: a, pt-BR: a }, { id: a, en: b, pt-BR: b }'
  await expect(readText(`reasons: [${twice}]`)).rejects.toThrow(/reason a twice/)
})

async function readText(text: string) {
  const folder = await temporaryFolder()
  await put(folder, { 'decisions.yml': text })
  return readDecisionReasons(folder)
}
