// What each step does to a lead, before the server has said so; the server decides.

const OPEN = ['new', 'claimed', 'answered', 'snoozed']

// Why a step cannot be taken now, or null.
export function refusal(lead, step, me) {
	const other = lead.state === 'claimed' && lead.claim?.by !== me.user
	if (me.role === 'viewer') {
		return 'a viewer only looks'
	}
	if (step === 'star' || step === 'unstar') {
		return null
	}
	if (other) {
		return `${lead.claim?.by ?? 'somebody'} has claimed it`
	}
	switch (step) {
	case 'claim':
		return ['new', 'snoozed'].includes(lead.state) ? null : lead.state === 'claimed' ? 'it is yours already' : 'only a new lead can be claimed'
	case 'release':
		return lead.state === 'claimed' ? null : 'it is not claimed'
	case 'answer':
		return lead.state === 'claimed' ? null : OPEN.includes(lead.state) && lead.state !== 'answered' ? 'claim it first' : 'it is answered or closed'
	case 'won':
	case 'lost':
		return lead.state === 'answered' ? null : 'only an answered lead can be won or lost'
	case 'dismiss':
	case 'snooze':
	case 'assign':
		return OPEN.includes(lead.state) ? null : 'it is closed already'
	default:
		return null
	}
}

// What is sent, and what the lead will look like.
export function plan(lead, step, more, me) {
	switch (step) {
	case 'claim':
		return { path: 'claim', body: {}, then: { state: 'claimed', claim: { by: me.user } } }
	case 'release':
		return { path: 'release', body: {}, then: { state: 'new', claim: undefined } }
	case 'answer':
		return { path: 'answer', body: {}, then: { state: 'answered' } }
	case 'won':
	case 'lost':
		return { path: 'outcome', body: { outcome: step, ...more }, then: { state: step } }
	case 'dismiss':
		return { path: 'dismiss', body: more, then: { state: 'dismissed', reason: more.reason } }
	case 'snooze':
		return { path: 'snooze', body: more, then: { state: 'snoozed' } }
	case 'star':
	case 'unstar':
		return { path: step, body: {}, then: { starred: step === 'star' ? true : undefined } }
	case 'assign':
		return { path: 'assign', body: more, then: { owner: more.to } }
	case 'verdict':
		return { path: 'verdict', body: more, then: {} }
	default:
		throw new Error(`no step ${step}`)
	}
}

export const SAID = {
	claim: 'Claimed: it is yours.', release: 'Given back.', answer: 'Answered.', won: 'Won.', lost: 'Lost.',
	dismiss: 'Not relevant.', snooze: 'Snoozed.', star: 'Starred.', unstar: 'The star is gone.', assign: 'Assigned.', verdict: 'Thank you: the rule’s precision counts it.',
}

// After these the next lead is what is looked at.
export const DONE_WITH = ['dismiss', 'snooze', 'won', 'lost']
