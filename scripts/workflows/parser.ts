import { registerHooks } from 'node:module'
import type { ActionFile, WorkflowFile } from './files.ts'

/** What GitHub's own parser has against a workflow; empty where it would run. */
export async function workflowErrors({ path, text }: WorkflowFile): Promise<string[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await parser()
  const { context, value } = parseWorkflow(
    { name: path, content: text },
    new NoOperationTraceWriter(),
  )
  if (!value) return messages(context)
  await convertWorkflowTemplate(context, value)
  return messages(context)
}

/** As `workflowErrors`, for the `action.yml` of an action. */
export async function actionErrors({ path, text }: ActionFile): Promise<string[]> {
  const { NoOperationTraceWriter, parseAction } = await parser()
  return messages(parseAction({ name: path, content: text }, new NoOperationTraceWriter()).context)
}

async function parser() {
  // The package imports its schema as JSON and leaves out the attribute that Node asks for.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return found.url.endsWith('.json') ? { ...found, importAttributes: { type: 'json' } } : found
    },
  })
  try {
    return {
      ...(await import('@actions/workflow-parser')),
      ...(await import('@actions/workflow-parser/actions/index')),
    }
  } finally {
    hooks.deregister()
  }
}

function messages(context: { errors: { getErrors: () => { message: string }[] } }): string[] {
  return context.errors.getErrors().map(({ message }) => message)
}
