from itertools import pairwise

assert steps == sorted(steps), "the mean over all subsets climbs with m"
for start, values in zip(path, bounds):
    assert abs(bound(start, posterior(start)) - log_likelihood(start)) < 1e-6, "a first move: the bound touches"
    assert all(b <= log_likelihood(c) + 1e-6 for b, c in zip(values, heights)), (
        "the bound lies below the curve everywhere"
    )
likelihoods = [log_likelihood(c) for c in path]
assert likelihoods == sorted(likelihoods), "the log-likelihood climbs at every round"
for start, top in pairwise(path):
    q_kept = posterior(start)
    assert bound(top, q_kept) >= max(bound(c, q_kept) for c in heights) - 1e-6, (
        "the second move is the top of its bound"
    )
    assert log_likelihood(top) - bound(top, q_kept) > 0, "a new gap has opened"
