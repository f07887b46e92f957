import { checker } from '../base/schema.ts'
import type { Json } from '../base/schema-parts.ts'
import { families } from './families/families.ts'
import type { FamilyName } from './families/family.ts'
import { TRAIN_AGAIN } from './train-again.ts'

/** Throws a `UserError` where these are no parameters that the family has fitted. */
export function checkParameters(family: FamilyName, parameters: Json, file: string): void {
  checkers[family](parameters, file)
  families[family].check?.(parameters, file)
}

const checkers = Object.fromEntries(
  Object.values(families).map(({ name, parameters }) => [name, checker(parameters, TRAIN_AGAIN)]),
)
