using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>A number is seconds, a TimeSpan is itself, and a text is either. (PowerShell's own conversion takes 300 as 30 µs.)</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <summary>More than this no timer takes.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Whether zero is allowed.</summary>
    public bool AllowZero { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        TimeSpan? time = value switch
        {
            TimeSpan span => span,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => FromSeconds(
                number),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
            byte or short or int or long or float or double or decimal => FromSeconds(
                Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => null,
        };
        return time is { } given && given <= s_longest && (AllowZero ? given >= TimeSpan.Zero : given > TimeSpan.Zero)
            ? given
            : throw new ArgumentTransformationMetadataException(
                $"{ValueReader.Quote(value)} is no time {(AllowZero ? "from" : "above")} 0 s up to 24 days. "
                + "Give seconds, e.g. 90, or a TimeSpan, e.g. 00:01:30.");
    }

    private static TimeSpan? FromSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) <= s_longest.TotalSeconds + 1 ? TimeSpan.FromSeconds(seconds) : null;
}
