import { describe, expect, it } from '@jest/globals';
import type { Command } from '../commands.js';
import {
  admin,
  amendProgramme,
  approve,
  cancel,
  command,
  established,
  expected,
  finance,
  fund,
  funded,
  given,
  grant,
  granted,
  health,
  historyOf,
  importForFinance,
  justice,
  otherFinance,
  programmeAmended,
  proposed,
  actor,
  requestApproved,
  requestReturned,
  requestWithdrawn,
  returned,
  returnRequest,
  spend,
  submitted,
  suspended,
  today,
  withdraw,
  type Happening,
} from '../testing/given.js';
import { digest } from '../testing/history.js';
import { faultInApprovals, ruleFor, type ApprovalRule } from './approvals.js';

const approvals: ApprovalRule[] = [{ command: 'FundInitiative', above: 50n, role: 'finance' }];
const ruled = (rules: readonly ApprovalRule[] = approvals): Happening[] => [
  established({ approvals: rules }),
  granted(100n),
  proposed(),
  funded(10n),
];
const otherJustice = actor('ministry', 'ministry-of-justice', 'u-other-justice');
const heldFunding = { type: 'FundInitiative', initiative: 'i', data: { fundingId: 'F-9', fiscalYear: 2024, amount: 60n } } as const;
const standing = { authority: 'ministry-of-justice', statusBefore: 'funded', statusAfter: 'funded' } as const;
const waiting = [...ruled(), submitted(fund(60n), { requestId: 'R-3' })];

describe('a command that a programme’s approvals name', () => {
  it('waits for a second person for 30 days where its amount is above the rule’s, and changes nothing else', () => {
    const data = {
      requestId: 'R-3',
      command: { ...heldFunding, occurredOn: today },
      digest,
      role: 'finance',
      expiresOn: '2024-07-15',
    } as const;
    given(ruled())
      .when(fund(60n))
      .then(expected('CommandSubmitted', 3, data, { authority: 'ministry-of-justice' }, { by: finance }));
    const history = historyOf(ruled());
    const before = history.initiatives.get('i');
    history.submit(fund(60n), today);
    expect(history.initiatives.get('i')).toBe(before);
    expect([...history.movements.keys()]).not.toContain('funding/p/i/F-9');
  });
  it('is decided at once up to that amount', () => {
    given(ruled())
      .when(fund(50n))
      .then(expected('InitiativeFunded', 3, { ...heldFunding.data, amount: 50n }, { ...standing, fiscalYear: 2024 }, { by: finance }));
  });
  it('keeps the version that its sender saw, and waits for the role that its rule names', () => {
    const always: ApprovalRule[] = [{ command: 'GrantAppropriation', role: 'admin' }];
    const held = {
      type: 'GrantAppropriation',
      data: { fiscalYear: 2025, amount: 1n, legalBasis: 'law' },
      expectedVersion: 2,
      occurredOn: today,
    } as const;
    given(ruled(always))
      .when(grant(1n, 2025, { expectedVersion: 2 }))
      .then(
        expected(
          'CommandSubmitted',
          3,
          { requestId: 'R-3', command: held, digest, role: 'admin', expiresOn: '2024-07-15' },
          {},
          { by: finance },
        ),
      );
  });
  it('is refused now where a rule refuses it', () => {
    given(ruled())
      .when(fund(91n))
      .thenRefused('appropriation-exceeded', 'funding never exceeds the appropriation: 90 of 2024 is left to give, and 91 was requested', {
        available: 90n,
        requested: 91n,
      });
  });
  it('that has happened already is nothing new, and does not wait', () => {
    given(ruled(), funded(60n, { id: 'F-9' }))
      .when(fund(60n))
      .thenNothingNew();
  });
});

describe('a movement that waits', () => {
  it('sent again makes no second request, also by somebody else or for a version that was', () => {
    given(waiting).when(fund(60n)).thenNothingNew();
    given(waiting)
      .when(fund(60n, { by: otherFinance, on: today }))
      .thenNothingNew();
    given(waiting, suspended())
      .when(fund(60n, { expectedVersion: 1 }))
      .thenNothingNew();
  });
  it.each<[string, Command]>([
    ['another amount', fund(61n)],
    ['an amount that would not wait', fund(5n)],
    ['another day', fund(60n, { on: '2024-06-14' })],
    ['papers', { ...fund(60n), references: [{ type: 'legalAct', id: '7' }] }],
  ])('keeps its id: %s is refused, and names the request', (_what, other) => {
    const detail = 'the funding F-9 of 2024-06-15 waits already in the request R-3, with other content; once R-3 has ended, send it again';
    given(waiting).when(other).thenRefused('funding-exists', detail);
  });
  it('is another with another id, which waits in a request of its own', () => {
    const other = command('FundInitiative', { ...heldFunding.data, fundingId: 'F-8' });
    expect(historyOf(waiting).submit(other, today)[0]).toMatchObject({ type: 'CommandSubmitted', data: { requestId: 'R-4' } });
  });
  it('waits in one request, whatever is sent in between under its id', () => {
    const history = historyOf(waiting);
    expect(() => history.submit(fund(61n), today)).toThrow('waits already in the request R-3');
    expect(history.submit(fund(60n), today)).toEqual([]);
    history.submit(withdraw('R-3'), today);
    expect(history.submit(fund(61n), today)[0]).toMatchObject({ data: { requestId: 'R-5' } });
    expect(() => history.submit(fund(60n), today)).toThrow('waits already in the request R-5');
  });
  it.each<[string, Happening]>([
    ['returned', requestReturned('R-3')],
    ['withdrawn', requestWithdrawn('R-3')],
  ])('may be sent again once it was %s', (_how, end) => {
    expect(historyOf([...waiting, end]).submit(fund(60n), today)[0]).toMatchObject({ data: { requestId: 'R-5' } });
  });
  it('may be sent again after its last day', () => {
    expect(historyOf(waiting).submit(fund(60n, { on: today }), '2024-07-16')[0]).toMatchObject({ data: { requestId: 'R-4' } });
    given(waiting)
      .when(fund(60n, { on: today }), '2024-07-15')
      .thenNothingNew();
  });
  it('is decided at once where the approvals name it no more, and its approval is then nothing new', () => {
    const lifted = historyOf([...waiting, programmeAmended({ approvals: [] })]);
    expect(lifted.submit(fund(60n), today).map(({ type }) => type)).toEqual(['InitiativeFunded']);
    expect(lifted.submit(approve('R-3'), today).map(({ type }) => type)).toEqual(['RequestApproved']);
  });
});

describe('approving a request', () => {
  it('decides the held command now, for its sender, and names who approved it', () => {
    given(waiting)
      .when(approve('R-3'))
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherFinance }), {
        ...expected('InitiativeFunded', 3, heldFunding.data, { ...standing, fiscalYear: 2024 }, { by: finance }),
        approvedBy: otherFinance,
      });
  });
  it('dates what the sender dated as the sender did', () => {
    given(ruled(), submitted(fund(60n, { on: '2024-06-01' }), { requestId: 'R-3' }))
      .when(approve('R-3'), '2024-06-20')
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherFinance, on: '2024-06-20' }), {
        ...expected('InitiativeFunded', 3, heldFunding.data, { ...standing, fiscalYear: 2024 }, { by: finance, on: '2024-06-01' }),
        approvedBy: otherFinance,
      });
  });
  it('dates what the sender did not date on the day it was sent', () => {
    const history = historyOf(ruled());
    history.submit(fund(60n), '2024-06-16');
    const events = history.submit(approve('R-3'), '2024-06-20');
    expect(events.map(({ type, occurredOn }) => [type, occurredOn])).toEqual([
      ['RequestApproved', '2024-06-20'],
      ['InitiativeFunded', '2024-06-16'],
    ]);
  });
  it('gives a command to the programme itself the version after the approval', () => {
    const rules: ApprovalRule[] = [{ command: 'GrantAppropriation', role: 'finance' }];
    const data = { fiscalYear: 2025, amount: 1n, legalBasis: 'law' };
    given(ruled(rules), submitted(grant(1n, 2025, { expectedVersion: 2 }), { requestId: 'R-3' }))
      .when(approve('R-3'))
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherFinance }), {
        ...expected('AppropriationGranted', 5, data, { fiscalYear: 2025 }, { by: finance }),
        approvedBy: otherFinance,
      });
  });
  it('records every event of the held command', () => {
    const rules: ApprovalRule[] = [{ command: 'CancelInitiative', role: 'finance' }];
    const history = historyOf([...ruled(rules), submitted(cancel(), { requestId: 'R-3' })]);
    const events = history.submit(approve('R-3'), today);
    expect(events.map(({ type, version, approvedBy }) => [type, version, approvedBy?.id])).toEqual([
      ['RequestApproved', 4, undefined],
      ['FundsReturned', 3, 'u-other-finance'],
      ['InitiativeCancelled', 4, 'u-other-finance'],
    ]);
  });
  it('is refused by a rule that says no by now, and leaves the request open', () => {
    given(waiting, suspended())
      .when(approve('R-3'))
      .thenRefused('initiative-suspended', 'i is suspended; finance resumes it before money moves or it is finalised');
    const exceeded = [...waiting, funded(40n, { id: 'F-2' })];
    given(exceeded)
      .when(approve('R-3'))
      .thenRefused('appropriation-exceeded', 'funding never exceeds the appropriation: 50 of 2024 is left to give, and 60 was requested', {
        available: 50n,
        requested: 60n,
      });
    given(exceeded, returned(30n))
      .when(approve('R-3'))
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherFinance }), {
        ...expected('InitiativeFunded', 5, heldFunding.data, { ...standing, fiscalYear: 2024 }, { by: finance }),
        approvedBy: otherFinance,
      });
  });
  it('ends a request whose content has happened meanwhile, and moves nothing twice', () => {
    given(waiting, funded(60n, { id: 'F-9', on: today }))
      .when(approve('R-3'))
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherFinance }));
  });
  it('is refused where its movement was recorded meanwhile of another day', () => {
    given(waiting, funded(60n, { id: 'F-9', on: '2024-06-14' }))
      .when(approve('R-3'))
      .thenRefused('funding-exists', 'the funding F-9 of 2024-06-14 is there already, with other content');
  });
  it('is for somebody else than the sender, in the role that the rule named', () => {
    given(waiting)
      .when(approve('R-3', { by: finance }))
      .thenRefused('separation-of-duties', 'who sent R-3 does not decide on it');
    given(waiting)
      .when(approve('R-3', { by: { ...otherFinance, id: ' u-finance' } }))
      .thenRefused('separation-of-duties', 'who sent R-3 does not decide on it');
    given(waiting)
      .when(approve('R-3', { by: importForFinance }))
      .thenRefused('separation-of-duties', 'who sent R-3 does not decide on it');
    given(waiting)
      .when(approve('R-3', { by: admin }))
      .thenRefused('forbidden', 'R-3 waits for finance, not for admin');
    given(waiting)
      .when(returnRequest('R-3', { by: justice }))
      .thenRefused('forbidden', 'R-3 waits for finance, not for ministry');
  });
  it('sees the sender in every other rule about hands', () => {
    const proposer = proposed({ initiative: 'j', by: finance });
    given(ruled(), proposer, submitted(fund(60n, { initiative: 'j' }), { requestId: 'R-3' }))
      .when(approve('R-3'))
      .thenRefused('separation-of-duties', 'who proposed j does not fund it');
  });
  it('is for the ministry that runs the initiative, where a ministry approves', () => {
    const rules: ApprovalRule[] = [{ command: 'RecordSpending', above: 1n, role: 'ministry' }];
    const spending = [...ruled(rules), submitted(spend(5n), { requestId: 'R-3', role: 'ministry' })];
    given(spending)
      .when(approve('R-3', { by: health }))
      .thenRefused('forbidden', 'i is run by ministry-of-justice, not by ministry-of-health');
    given(spending)
      .when(approve('R-3', { by: otherJustice }))
      .then(expected('RequestApproved', 4, { requestId: 'R-3' }, {}, { by: otherJustice }), {
        ...expected(
          'SpendingRecorded',
          3,
          { transactionId: 'T-9', amount: 5n },
          { ...standing, statusAfter: 'spending', fiscalYear: 2024 },
          { by: justice },
        ),
        approvedBy: otherJustice,
      });
  });
  it('keeps to the role that was named when it was sent, whatever the approvals say by now', () => {
    given(waiting, programmeAmended({ approvals: [] }))
      .when(approve('R-3', { by: admin }))
      .thenRefused('forbidden', 'R-3 waits for finance, not for admin');
  });
  it('is not dated before the request', () => {
    given(waiting)
      .when(approve('R-3', { on: '2024-06-14' }))
      .thenRefused(
        'date-out-of-order',
        'the request R-3 is of 2024-06-15; nothing about it is dated before, and the command says 2024-06-14',
      );
  });
  it('may name the version of the programme that the approver saw', () => {
    given(waiting)
      .when(approve('R-3', { expectedVersion: 2 }))
      .thenRefused('version-mismatch', 'the command was made for version 2, and it is version 3 now');
  });
});

describe('ending a request otherwise', () => {
  it('returns it with a reason, or withdraws it', () => {
    given(waiting)
      .when(returnRequest('R-3'))
      .then(expected('RequestReturned', 4, { requestId: 'R-3', reason: 'why' }, {}, { by: otherFinance }));
    given(waiting)
      .when(withdraw('R-3'))
      .then(expected('RequestWithdrawn', 4, { requestId: 'R-3' }, {}, { by: finance }));
  });
  it('withdraws only what one has sent oneself', () => {
    given(waiting)
      .when(withdraw('R-3', { by: otherFinance }))
      .thenRefused('forbidden', 'R-3 is withdrawn by who sent it; somebody else approves or returns it');
  });
  it('needs a request', () => {
    for (const one of [approve('R-9'), returnRequest('R-9'), withdraw('R-9')])
      given(waiting).when(one).thenRefused('unknown-request', 'p has no request R-9');
  });
  it.each([
    ['approved', requestApproved('R-3')],
    ['returned', requestReturned('R-3')],
    ['withdrawn', requestWithdrawn('R-3')],
  ])('is done once: it was %s', (how, end) => {
    for (const one of [approve('R-3'), returnRequest('R-3'), withdraw('R-3')])
      given(waiting, end).when(one).thenRefused('request-ended', `R-3 was ${how} on 2024-06-15; an ended request changes no more`);
  });
  it('is possible through its last day', () => {
    const detail = 'R-3 waited through 2024-07-15, and today is 2024-07-16; its sender sends the command again';
    for (const one of [approve('R-3', { on: today }), returnRequest('R-3'), withdraw('R-3')])
      given(waiting).when(one, '2024-07-16').thenRefused('request-expired', detail);
    given(waiting)
      .when(withdraw('R-3'), '2024-07-15')
      .then(expected('RequestWithdrawn', 4, { requestId: 'R-3' }, {}, { by: finance, on: '2024-07-15' }));
  });
});

describe('the approvals of a programme', () => {
  const amended = (data: object): ReturnType<typeof expected> =>
    expected('ProgrammeAmended', 2, { ...data, reason: 'why' }, {}, { by: admin });
  const thresholds = { spent: [50, 90], funded: [100] };

  it('are set by an amendment, which replaces the former ones, and so are its thresholds', () => {
    given(established()).when(amendProgramme({ approvals })).then(amended({ approvals }));
    given(established({ approvals }))
      .when(amendProgramme({ approvals: [] }))
      .then(amended({ approvals: [] }));
    given(established()).when(amendProgramme({ thresholds })).then(amended({ thresholds }));
  });
  it('that are so already are nothing to amend', () => {
    const detail = 'p is as the command says already; an amendment names what changes';
    given(established({ approvals, thresholds })).when(amendProgramme({ approvals, thresholds })).thenRefused('nothing-to-amend', detail);
    given(established())
      .when(amendProgramme({ approvals: [] }))
      .thenRefused('nothing-to-amend', detail);
    given(established())
      .when(amendProgramme({ thresholds: { spent: [70, 85, 100], funded: [70, 85, 100] } }))
      .thenRefused('nothing-to-amend', detail);
  });
  it('hold commands from then on, and none once they are lifted', () => {
    const held = (happened: Happening[]) => historyOf(happened).submit(fund(60n), today)[0]?.type;
    const lifted = programmeAmended({ approvals: [] });
    const before = [established(), granted(100n), proposed()];
    expect(held([...before, programmeAmended({ approvals })])).toBe('CommandSubmitted');
    expect(held([...before, programmeAmended({ approvals }), lifted])).toBe('InitiativeFunded');
  });

  const held = (amount: bigint, rules: readonly ApprovalRule[]) =>
    ruleFor({ ...heldFunding, data: { ...heldFunding.data, amount } }, rules);
  it('apply by the highest amount that a command is above', () => {
    const rules: ApprovalRule[] = [
      { command: 'FundInitiative', above: 500n, role: 'admin' },
      { command: 'FundInitiative', role: 'ministry' },
      { command: 'FundInitiative', above: 50n, role: 'finance' },
      { command: 'RecordSpending', role: 'finance' },
    ];
    expect([held(50n, rules), held(51n, rules), held(501n, rules)].map((rule) => rule?.role)).toEqual(['ministry', 'finance', 'admin']);
    expect(held(501n, [])).toBeUndefined();
  });
  it('compare a change without its sign', () => {
    const rules: ApprovalRule[] = [{ command: 'AdjustFunding', above: 5n, role: 'finance' }];
    const adjustment = (change: bigint) =>
      command('AdjustFunding', { adjustmentId: 'A', fundingId: 'F-1', change, reason: 'why' }) as Extract<
        Command,
        { type: 'AdjustFunding' }
      >;
    expect(ruleFor(adjustment(-6n), rules)).toEqual(rules[0]);
    expect(ruleFor(adjustment(-5n), rules)).toBeUndefined();
  });
  it.each<[string, ApprovalRule[], string]>([
    [
      'an amount of a command without one',
      [{ command: 'CancelInitiative', above: 5n, role: 'finance' }],
      'CancelInitiative has no amount, so its rule names no amount above which it waits',
    ],
    [
      'a ministry for the programme’s own money',
      [{ command: 'GrantAppropriation', role: 'ministry' }],
      'GrantAppropriation is a command to the programme itself, which finance or an admin approves, not a ministry',
    ],
    ['two rules for the same', [...approvals, ...approvals], 'two rules are for FundInitiative above 50; one is enough'],
    [
      'two rules for every amount',
      [
        { command: 'FundInitiative', role: 'finance' },
        { command: 'FundInitiative', role: 'admin' },
      ],
      'two rules are for FundInitiative at every amount; one is enough',
    ],
  ])('name no fault such as %s', (_what, rules, fault) => {
    expect(faultInApprovals(rules)).toBe(fault);
    expect(faultInApprovals(approvals)).toBeUndefined();
  });
});
