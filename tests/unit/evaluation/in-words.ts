import { decide } from '../../../src/evaluation/gate/decision.ts'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import type { Evidence } from '../../../src/evaluation/gate/evidence.ts'
import { policyChecks } from '../../../src/reporting/evaluation-table.ts'
import { becauseTexts, reasonTexts, summaryText } from '../../../src/reporting/verdict-text.ts'
import { evaluation } from '../reporting/examples.ts'

/** A decision as people read it: with its summary, and reasons, causes and checks as sentences. */
export function inWords(judged: Evaluation) {
  const { decision, verdict } = judged.decision
  return {
    decision,
    verdict,
    summary: summaryText(judged, 'en'),
    reasons: reasonTexts(judged, 'en'),
    because: becauseTexts(judged, 'en'),
    checks: policyChecks(judged, 'en'),
  }
}

/** Decides, and puts the decision into words. */
export function decideInWords(evidence: Evidence) {
  const { policy, difference, champion, challenge, ordering } = evidence
  const { champion: usual, ordering: _, ...rest } = evaluation()
  return inWords({
    ...rest,
    decidedBy: policy.decidedBy,
    confidence: policy.confidence,
    differences: difference ? { [policy.decidedBy]: difference } : {},
    ...(champion && usual && { champion: usual }),
    ...(challenge && { challenge }),
    ...(ordering && { ordering }),
    decision: decide(evidence),
  })
}
