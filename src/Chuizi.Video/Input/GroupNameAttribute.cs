using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>A name for -By of Measure-ChuiziVideo. It becomes a property of the result, beside the figures.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class GroupNameAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Whether the name is not that of a figure.</summary>
    internal static bool IsPossible(string name) =>
        !Array.Exists(typeof(VideoSpending).GetProperties(), figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string name = element?.ToString() ?? "";
        string? problem = string.IsNullOrWhiteSpace(name) ? "The name is blank."
            : !IsPossible(name)
                ? $"{ValueReader.Quote(name)} is a figure of the result. Group by Model, Month, Day, Status, Verdict, or by another column."
            : null;
        if (problem is not null)
        {
            throw new ValidationMetadataException(problem);
        }
    }
}
