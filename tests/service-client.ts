import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'

/** What a program asks a service, whose every answer is held to the document of the service. */
export type ServiceClient = {
  ask(request: Asked): Promise<Answer>
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  /** A text is sent as it is, anything else as JSON. */
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
}

type Asked = InjectOptions & { url: string }
// biome-ignore lint/suspicious/noExplicitAny: a test says by what it expects what it is.
type Answer = LightMyRequestResponse & { data: any }

/** A client of a server that is not listening, with this token. */
export async function serviceClient(app: FastifyInstance, token: string): Promise<ServiceClient> {
  const check = conformity((await app.inject('/openapi.json')).json())
  const ask = async ({ headers, ...request }: Asked): Promise<Answer> => {
    const answer = await app.inject({
      ...request,
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    const { url } = request
    check(request.method ?? 'GET', url, answer)
    const type = String(answer.headers['content-type'])
    return Object.assign(answer, { data: type.includes('json') ? parsed(answer.body) : undefined })
  }
  return {
    ask,
    get: (url, headers) => ask({ url, ...(headers && { headers }) }),
    post: (url, body, headers) =>
      ask({
        method: 'POST',
        url,
        payload: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
  }
}

/** Of application/x-ndjson, too, which is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Document = {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>
  components: { schemas: Record<string, object> }
}
type Response = { content?: Record<string, { schema: object }> }

/** Fails where an answer is not one that the document has for this route and status. */
export function conformity(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false })
  addFormats.default(ajv, { mode: 'full' })
  ajv.addSchema({ $id: 'document', ...document })
  const compiled = new Map<object, ValidateFunction>()
  return (method: string, url: string, answer: LightMyRequestResponse): void => {
    const path = url.split('?')[0]
    if (path === '/openapi.json') return
    const known = Object.keys(document.paths).find((template) => fits(template, path))
    const operation = known && document.paths[known][method.toLowerCase()]
    // What is no route of the document is answered as a problem all the same.
    const response = operation ? operation.responses[answer.statusCode] : ANY_PROBLEM
    const where = `${method} ${path} → ${answer.statusCode}`
    expect(response, `${where} is not in the document`).toBeDefined()
    const type = String(answer.headers['content-type']).split(';')[0]
    const content = response?.content?.[type]
    expect(content, `${where}: ${type} is not in the document`).toBeDefined()
    if (!content || !type.endsWith('json') || type.endsWith('ndjson')) return
    const schema = operation ? content.schema : problemIn(document)
    const validate = compiled.get(schema) ?? ajv.compile(rooted(schema as Record<string, unknown>))
    compiled.set(schema, validate)
    validate(JSON.parse(answer.body))
    expect(validate.errors ?? [], `${where}: ${answer.body.slice(0, 500)}`).toEqual([])
  }
}

const ANY_PROBLEM: Response = { content: { 'application/problem+json': { schema: {} } } }

function problemIn({ components }: Document): object {
  return components.schemas.Problem
}

/** References of the schema are into the document. */
function rooted(schema: Record<string, unknown>): object {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')
  return JSON.parse(text)
}

function fits(template: string, path: string): boolean {
  const parts = template.split('/')
  const asked = path.split('/')
  return (
    parts.length === asked.length &&
    parts.every((part, i) => (part.startsWith('{') ? asked[i] !== '' : part === asked[i]))
  )
}
