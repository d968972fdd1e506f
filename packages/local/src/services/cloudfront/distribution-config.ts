/** A distribution's configuration as far as it is run here. Names of fields are the API's, units added. */

export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Put before each path; empty for none. */
  readonly originPath: string;
  readonly connectionAttempts: number;
  readonly connectionTimeoutSeconds: number;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly protocolPolicy: "http-only" | "match-viewer" | "https-only";
  readonly sslProtocols: readonly string[];
  readonly readTimeoutSeconds: number;
  readonly keepaliveTimeoutSeconds: number;
}

/** Two origins, of which the second is asked when the first fails a request. */
export interface OriginGroup {
  readonly id: string;
  readonly statusCodes: readonly number[];
  readonly members: readonly string[];
}

export interface CacheBehavior {
  /** `*` of the default behaviour. */
  readonly pathPattern: string;
  /** An origin's id or an origin group's. */
  readonly targetOriginId: string;
  readonly viewerProtocolPolicy: "allow-all" | "https-only" | "redirect-to-https";
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly compress: boolean;
  readonly cachePolicyId: string;
  readonly originRequestPolicyId?: string;
  readonly responseHeadersPolicyId?: string;
}

/** How long an error of the origin is kept at least. */
export interface ErrorCaching {
  readonly errorCode: number;
  readonly minTtlSeconds: number;
}

export interface ViewerCertificate {
  readonly acmCertificateArn: string;
  readonly sslSupportMethod: string;
  readonly minimumProtocolVersion: string;
}

export interface DistributionConfig {
  readonly callerReference: string;
  readonly aliases: readonly string[];
  readonly comment: string;
  readonly enabled: boolean;
  readonly origins: readonly Origin[];
  readonly originGroups: readonly OriginGroup[];
  readonly defaultCacheBehavior: CacheBehavior;
  /** The first whose pattern fits a path has it. */
  readonly cacheBehaviors: readonly CacheBehavior[];
  readonly errorCaching: readonly ErrorCaching[];
  readonly priceClass: string;
  readonly httpVersion: string;
  readonly isIpv6Enabled: boolean;
  /** Kept as it is; no firewall is run. */
  readonly webAclId: string;
  /** CloudFront's own certificate where there is none. */
  readonly viewerCertificate?: ViewerCertificate;
}

export function allBehaviors(config: DistributionConfig): readonly CacheBehavior[] {
  return [...config.cacheBehaviors, config.defaultCacheBehavior];
}
