using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>A duration as <see cref="SecondsAttribute"/> accepts it, or a date with a time, which becomes the time until then.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class DeadlineAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = UnwrapPSObject.Shallow(inputData);
        if (UntilOf(value) is not { } until)
        {
            return SecondsAttribute.Read(value, allowsZero: false, " or a date with a time");
        }

        return until > TimeSpan.Zero && until <= SecondsAttribute.Longest
            ? until
            : throw new ArgumentTransformationMetadataException(
                $"{ValueReader.Quote(value)} is {(until > TimeSpan.Zero ? "more than 24 days ahead" : "in the past")}.");
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
}
