/** The data of every command that ends a request. */
export type RequestCommandData = {
  /** Decides the held command now and records it. */
  ApproveRequest: { requestId: string; reason?: string };
  ReturnRequest: { requestId: string; reason: string };
  WithdrawRequest: { requestId: string };
};
