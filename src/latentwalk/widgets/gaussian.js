// N(mu, sigma^2): its density, and its KL divergence from N(0, 1) in two parts.

const LOG_ROOT_2PI = 0.5 * Math.log(2 * Math.PI);

export const logNormal = (z, mu, sigma) => -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma) - LOG_ROOT_2PI;
export const normal = (z, mu, sigma) => Math.exp(-0.5 * ((z - mu) / sigma) ** 2 - LOG_ROOT_2PI) / sigma;

export const muPart = (mu) => 0.5 * mu * mu;
export const sigmaPart = (sigma) => Math.max(0, 0.5 * (sigma * sigma - 1) - Math.log(sigma));
export const klOf = (mu, sigma) => muPart(mu) + sigmaPart(sigma);
