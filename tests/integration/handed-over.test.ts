import { mkdir, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect } from '../../src/github/client.ts'
import { readExperiment } from '../../src/steps/model/experiment.ts'
import { openPromotion } from '../../src/steps/promotion/open-promotion.ts'
import { put, temporaryFolder } from '../repository.ts'

test('a comment on an experiment shows no file that its artifact only links to', async () => {
  const { project, secret } = await projectWithSecret()
  await mkdir(join(project, '.cd4ml', 'validation'), { recursive: true })
  await symlink(secret, join(project, '.cd4ml', 'validation', 'report.json'))
  const { problem, validation } = await readExperiment(filesIn(project))
  expect(validation).toBeUndefined()
  expect(problem).toMatch(/report\.json: must not be a link/)
})

test('an artifact that is larger than any report is one sentence, and is not read', async () => {
  const { project } = await projectWithSecret()
  const file = '.cd4ml/validation/report.json'
  await put(project, { [file]: '' })
  await truncate(join(project, file), 2 ** 36)
  const { problem } = await readExperiment(filesIn(project))
  expect(problem).toMatch(/report\.json: must have at most \d+ bytes, but has 68719476736/)
})

test('a promotion is not made of files behind a link', async () => {
  const { project, secret } = await projectWithSecret()
  await mkdir(join(project, '.cd4ml'))
  await symlink(join(secret, '..'), join(project, '.cd4ml', 'challenger'))
  const github = connect({ token: 'x', repository: 'shop/demand', apiUrl: 'http://127.0.0.1:9' })
  const review = { repository: '', run: '', checks: 'start by themselves' } as const
  const out = join(project, '.cd4ml', 'challenger')
  await expect(openPromotion(github, { repo: project, out, base: 'main', review })).rejects.toThrow(
    /model\.json: must not be a link, nor lie behind one/,
  )
})

async function projectWithSecret(): Promise<{ project: string; secret: string }> {
  const outside = await temporaryFolder()
  await put(outside, { 'model.json': '{"secret":1}' })
  return { project: await temporaryFolder(), secret: join(outside, 'model.json') }
}

function filesIn(project: string) {
  const folder = join(project, '.cd4ml')
  return { project, validation: join(folder, 'validation'), out: join(folder, 'challenger') }
}
