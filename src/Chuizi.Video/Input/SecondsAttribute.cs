using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>A number of seconds, a TimeSpan, or a string with either. (PowerShell's own conversion reads 300 as 30 µs.)</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <summary>Timers do not accept more than about 24 days.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Whether zero is allowed.</summary>
    public bool AllowZero { get; set; }

    /// <summary>Whether a time of day is accepted as well: a DateTime, or text with a date. It is the time until then.</summary>
    public bool AllowTime { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = UnwrapPSObject.Shallow(inputData);
        if (AllowTime && UntilOf(value) is { } until)
        {
            return until > TimeSpan.Zero && until <= s_longest
                ? until
                : throw new ArgumentTransformationMetadataException(
                    $"{ValueReader.Quote(value)} is {(until > TimeSpan.Zero ? "more than 24 days ahead" : "in the past")}.");
        }

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
                $"{ValueReader.Quote(value)} is not a valid duration. Use seconds (90) or a time span (00:01:30)"
                + $"{(AllowTime ? " or a date with a time" : "")}, "
                + $"{(AllowZero ? "from 0 s" : "longer than 0 s and")} up to 24 days.");
    }

    /// <summary>The time until a date; null if the value is not a date. Text such as 17:30 is a duration.</summary>
    private static TimeSpan? UntilOf(object? value) => value switch
    {
        DateTime at => at.ToUniversalTime() - DateTime.UtcNow,
        DateTimeOffset at => at - DateTimeOffset.UtcNow,
        string text when !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            && !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _)
            && (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset at)
                || DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out at)) =>
            at - DateTimeOffset.UtcNow,
        _ => null,
    };

    private static TimeSpan? FromSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) <= s_longest.TotalSeconds + 1 ? TimeSpan.FromSeconds(seconds) : null;
}
