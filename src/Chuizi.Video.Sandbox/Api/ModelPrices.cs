namespace Chuizi.Video.Sandbox.Api;

/// <summary>
/// The price of a second of video in the sandbox, in USD. The contract has no prices. These are invented, in a
/// plausible order; five seconds of the most affordable model cost the <c>0.15000000</c> of the contract's example.
/// </summary>
internal static class ModelPrices
{
    private static readonly Dictionary<string, decimal> s_perSecond = new(StringComparer.Ordinal)
    {
        ["google/veo-3.1"] = 0.40m,
        ["google/veo-3.1-fast"] = 0.15m,
        ["google/veo-3.1-lite"] = 0.03m,
        ["bedrock/nova-reel-1.1"] = 0.08m,
        ["bedrock/nova-reel-1.0"] = 0.08m,
        ["bailian/happyhorse-1.0-t2v"] = 0.14m,
        ["bailian/happyhorse-1.0-i2v"] = 0.14m,
        ["bailian/happyhorse-1.0-r2v"] = 0.16m,
        ["bailian/happyhorse-1.0-video-edit"] = 0.18m,
        ["bailian/wan2.7-t2v"] = 0.10m,
        ["bailian/wan2.6-t2v"] = 0.08m,
        ["bailian/wan2.6-i2v"] = 0.08m,
    };

    public static decimal PerSecond(string model) => s_perSecond.GetValueOrDefault(model, 0.10m);
}
