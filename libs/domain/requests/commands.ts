/** The data of every command that ends a request. */
export type RequestCommandData = {
  /** Decides the held command now and records it. */
  ApproveRequest: { requestId: string; reason?: string };
  ReturnRequest: { requestId: string; reason: string };
  WithdrawRequest: { requestId: string };
};

const endings: { readonly [T in keyof RequestCommandData]: true } = { ApproveRequest: true, ReturnRequest: true, WithdrawRequest: true };
/** Whether a command ends a request. */
export function endsRequest<C extends { readonly type: string }>(
  command: C,
): command is Extract<C, { readonly type: keyof RequestCommandData }> {
  return Object.hasOwn(endings, command.type);
}
