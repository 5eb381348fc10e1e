/** What proves a lower bound on the makespan; each kind can be checked from the problem's arrays alone. */
export type BoundCertificate = { readonly kind: "none" };
