// Names of hark's, as people say them.
const KINDS = {
	'mention': 'Mention', 'praise': 'Praise', 'complaint': 'Complaint', 'job-move': 'Job move',
	'purchase-intent': 'Wants to buy', 'purchase-announced': 'Has bought', 'hiring': 'Hiring',
	'question': 'Question', 'pain': 'Pain',
}
export const KIND_NAMES = Object.keys(KINDS)

export function kindWord(kind) {
	return KINDS[kind] ?? kind
}

const STATES = {
	new: ['New', 'new'], claimed: ['Claimed', 'busy'], answered: ['Answered', 'good'], won: ['Won', 'good'],
	lost: ['Lost', 'plain'], dismissed: ['Not relevant', 'plain'], snoozed: ['Snoozed', 'plain'],
}

// [what it is called, how it is coloured]
export function stateWord(state) {
	return STATES[state] ?? [state, 'plain']
}

const ACTIONS = {
	claim: 'claimed it', release: 'gave it back', answer: 'answered', win: 'won it', lose: 'lost it',
	dismiss: 'found it not relevant', snooze: 'snoozed it', star: 'starred it', unstar: 'took its star away', assign: 'assigned it', lapse: 'the claim ran out', wake: 'the snooze is over',
	undo: 'took the last step back', raised: 'raised it', evidence: 'found more', verdict: 'gave a verdict',
}

export function actionWord(action) {
	return ACTIONS[action] ?? action
}

// Why there is a lead, without where in the text each word stands: the words are marked in the evidence.
export function whyWords(why) {
	return why.replaceAll(/ \([a-z]+ \d+-\d+\)/g, '')
}
