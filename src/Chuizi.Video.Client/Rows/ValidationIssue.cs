using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>An error or warning about one value of one row.</summary>
/// <param name="Row">The row's number, from 1; null if there is only one prompt.</param>
/// <param name="Column">The parameter or column.</param>
/// <param name="Message">What is wrong and what is accepted, with the value.</param>
internal sealed record ValidationIssue(int? Row, string Column, string Message)
{
    /// <summary>What is wrong, and what is accepted.</summary>
    public string Message { get; } = Truncation.Middle(Message);

    /// <summary>The message, with the number of the row.</summary>
    public override string ToString() => Row is { } row ? string.Create(CultureInfo.InvariantCulture, $"Row {row}: {Message}") : Message;
}
