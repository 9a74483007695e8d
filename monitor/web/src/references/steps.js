// What may be done with a reference or a request, as far as it can be told beforehand; the server decides.

export const ACTIVITIES = [['call', 'Call'], ['quote', 'Quote'], ['case-study', 'Case study'], ['speaker', 'Speaker'],
	['community', 'Community'], ['survey', 'Survey']]
export const KEEPERS = ['marketing', 'sales-head', 'admin']

export function keeps(me) {
	return KEEPERS.includes(me.role)
}

function isTheirs(r, me) {
	return [r.owner, r.gatekeeper, r.second, r.ask_to].some((name) => name?.toLowerCase() === me.user.toLowerCase())
}

// Sentences of what is against asking them now.
export function against(r) {
	return r.guard.verdicts.filter((v) => v.blocks).map((v) => v.why)
}

function askable(r) {
	return ['found', 'internal-only', 'expired'].includes(r.permission)
}

function granted(r) {
	return ['internal-only', 'named'].includes(r.permission)
}

const keeper = (r, me) => (keeps(me) || isTheirs(r, me) ? null : 'this is for marketing, and whoever owns it or keeps its gate')
const desk = (r, me) => (keeps(me) ? null : 'this is for marketing and the head of sales')
const anybody = () => null
// Whoever has claimed a lead about them speaks with them anyway.
const isOwn = (v, me) => v.cause === 'lead-claimed' && v.value?.toLowerCase() === me.user.toLowerCase()
const guard = (r, me) => r.guard.verdicts.filter((v) => v.blocks && !isOwn(v, me)).map((v) => v.why).join('; ') || null

// [step, name, key, who may, why not now]
export const STEPS = [
	['ask', 'Ask the gatekeeper', 'a', desk, (r, me) => (askable(r) ? guard(r, me) : `it is ${r.permission}`)],
	['grant', 'They agreed', 'y', keeper, (r) => (r.permission === 'asked' ? null : 'nobody was asked')],
	['refuse', 'They said no', 'n', keeper, (r) => (r.permission === 'asked' ? null : 'nobody was asked')],
	['sign', 'Sign for compliance', 's', (r, me) => (['compliance', 'admin'].includes(me.role) ? null : 'this is for compliance'),
		(r) => ((r.statements ?? []).some((w) => w.regulated && !w.signed_by) ? null : 'nothing waits for compliance')],
	['use', 'Was used', 'x', anybody, (r, me) => (granted(r) ? guard(r, me) : 'nobody may be approached without a permission')],
	['outcome', 'How it went', 'o', anybody, (r) => ((r.history ?? []).some((e) => e.action === 'use') ? null : 'they were never used')],
	['unhold', 'End the hold', 'h', keeper, (r) => (r.hold_until ? null : 'it is not on hold')],
	['hold', 'Hold', 'h', keeper, (r) => (r.hold_until ? 'it is on hold already' : null)],
	['assign', 'Gatekeeper', 'm', desk, anybody],
	['thank', 'Thanked', 't', anybody, anybody],
	['reopen', 'Reopen', 'b', desk, (r) => (r.permission === 'withdrawn' ? null : 'it was not withdrawn')],
	['withdraw', 'They took it back', 'w', keeper, (r) => (r.permission === 'withdrawn' ? 'it is withdrawn already' : null)],
]

export function refusal(r, step, me) {
	if (me.role === 'viewer') {
		return 'a viewer only looks'
	}
	const [, , , who, when] = STEPS.find(([id]) => id === step)
	return who(r, me) ?? when(r, me)
}

export const SAID = {
	ask: 'Asked: the gatekeeper has it now.', grant: 'Agreed.', refuse: 'Kept: they said no.', sign: 'Signed, as it stands now.',
	use: 'Kept: it counts for the caps.', outcome: 'Kept.', hold: 'On hold.', unhold: 'Not on hold any more.',
	assign: 'The gate has a keeper.', thank: 'Kept: they were thanked.', reopen: 'It may be asked for again.', withdraw: 'Withdrawn: nothing of it is used any more.',
}

// ---- requests ----

const live = (r) => ['open', 'named'].includes(r.state)
const own = (r, me) => (keeps(me) || r.rep.toLowerCase() === me.user.toLowerCase() ? null : `this is for marketing and ${r.rep}, who has asked`)

export const REQUEST_STEPS = [
	['fulfil', 'The prospect has it', 'y', own, (r) => (r.state === 'named' ? null : 'nobody is named')],
	['decline', 'Decline', 'n', desk, (r) => (live(r) ? null : 'it is over')],
	['call-off', 'Call it off', 'w', own, (r) => (live(r) ? null : 'it is over')],
]

export function requestRefusal(r, step, me) {
	if (me.role === 'viewer') {
		return 'a viewer only looks'
	}
	if (step === 'supply') {
		return desk(r, me) ?? (live(r) ? null : 'it is over')
	}
	const [, , , who, when] = REQUEST_STEPS.find(([id]) => id === step)
	return who(r, me) ?? when(r)
}

export const REQUEST_SAID = { 'supply': 'Named.', 'fulfil': 'Fulfilled.', 'decline': 'Declined; whoever asked sees why.', 'call-off': 'Called off.' }
