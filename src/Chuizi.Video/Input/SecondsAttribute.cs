using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>A number of seconds, a TimeSpan, or a string with either. (PowerShell's own conversion reads 300 as 30 µs.)</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <summary>Some timers accept no more than <see cref="int.MaxValue"/> milliseconds, which are 24.8 days.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Whether zero is allowed.</summary>
    public bool AllowZero { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Read(UnwrapPSObject.Shallow(inputData), AllowZero, "");

    /// <summary>Reads a duration.</summary>
    /// <param name="value">The value.</param>
    /// <param name="allowsZero">Whether zero is allowed.</param>
    /// <param name="alternative">What else could be used, for the message; it begins with a space.</param>
    /// <exception cref="ArgumentTransformationMetadataException">The value is not a valid duration.</exception>
    internal static TimeSpan Read(object? value, bool allowsZero, string alternative)
    {
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
        return time is { } given && given <= Longest && (allowsZero ? given >= TimeSpan.Zero : given > TimeSpan.Zero)
            ? given
            : throw new ArgumentTransformationMetadataException(
                $"{ValueReader.Quote(value)} is not a valid duration. Use seconds (90) or a time span (00:01:30)"
                + $"{alternative}, "
                + $"{(allowsZero ? "from 0 s" : "longer than 0 s and")} up to 24 days.");
    }

    private static TimeSpan? FromSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) <= Longest.TotalSeconds + 1 ? TimeSpan.FromSeconds(seconds) : null;
}
