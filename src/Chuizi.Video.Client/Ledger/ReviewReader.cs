using System.Globalization;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Reads what the user decided about a video, and checks it, because it may come from a file of someone else.
/// </summary>
internal static class ReviewReader
{
    private static readonly string[] s_decisions = [nameof(Video.Verdict), nameof(Video.Rating), nameof(Video.Note)];

    /// <summary>Times as ISO 8601 writes them, and as a report of this module does. Without a zone, they are UTC.</summary>
    private static readonly string[] s_times =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss'Z'", "yyyy-MM-dd HH:mm:ss 'UTC'"];

    /// <summary>Reads a decision.</summary>
    /// <param name="id">The id of the video.</param>
    /// <param name="origin">The origin of the video, if the row does not have it; null if it is not known.</param>
    /// <param name="row">The columns Origin, Verdict, Rating, Note and Decided, where they exist.</param>
    /// <param name="given">The values that take precedence over the row: Verdict, Rating and Note, where they are specified.</param>
    /// <exception cref="FormatException">There is no decision, or a value is not valid; the message says what is accepted.</exception>
    public static LedgerRecord Read(
        string id, string? origin, IReadOnlyDictionary<string, object?> row, IReadOnlyDictionary<string, object?> given)
    {
        if (!Array.Exists(s_decisions, name => row.ContainsKey(name) || given.ContainsKey(name)))
        {
            throw new FormatException(
                "There is no decision. Specify -Verdict, -Rating or -Note, or pipe objects with such a property.");
        }

        DateTime? decided = TimeOf(row.GetValueOrDefault(nameof(LedgerRecord.Decided)));
        return new LedgerRecord
        {
            Step = LedgerStep.Reviewed,
            Id = id,
            Origin = OriginOf(row.GetValueOrDefault(nameof(Video.Origin))) ?? origin,
            Verdict = VerdictOf(Value(nameof(Video.Verdict))),
            Rating = RatingOf(Value(nameof(Video.Rating))),
            // A blank cell of a spreadsheet is no decision. A decision with a time is complete, so its empty note removes the note.
            Note = NoteOf(Value(nameof(Video.Note)), clears: decided is not null || given.ContainsKey(nameof(Video.Note))),
            Decided = decided,
        };

        object? Value(string name) => given.TryGetValue(name, out object? value) ? value : row.GetValueOrDefault(name);
    }

    private static string? VerdictOf(object? value) => ValueReader.IsBlank(value)
        ? null
        : VideoVerdict.Parse(value as string) ?? throw Invalid(nameof(Video.Verdict), value, "Use Kept, Rejected or None.");

    private static int? RatingOf(object? value)
    {
        if (ValueReader.IsBlank(value))
        {
            return null;
        }

        double? number = ValueReader.Scalar(value!) is IConvertible and not (string or bool or char or DateTime or Enum) and var given
            ? Convert.ToDouble(given, CultureInfo.InvariantCulture)
            : null;
        return number is >= 0 and <= VideoVerdict.BestRating and { } rating && rating == Math.Truncate(rating)
            ? (int)rating
            : throw Invalid(nameof(Video.Rating), value, "Use a whole number from 1 to 5, or 0 for none.");
    }

    private static string? NoteOf(object? value, bool clears)
    {
        if (ValueReader.IsBlank(value))
        {
            return value is not null && clears ? "" : null;
        }

        // ConvertFrom-Json reads a text as a time if it looks like one.
        string text = value is DateTime time
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)
            : ValueReader.Text(nameof(Video.Note), value)!;
        string? problem = !JsonConversion.IsWhole(text) ? "contains an incomplete character (an unpaired surrogate)." : TextDamage.Of(text);
        if (problem is not null)
        {
            throw new FormatException($"{nameof(Video.Note)} {ValueReader.Quote(text)} {problem}");
        }

        text = SecretRedactor.Mask(text.ReplaceLineEndings("\n"));
        return text.Length <= LedgerReview.LongestNote
            ? text
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{nameof(Video.Note)} has {text.Length:N0} characters. Use at most {LedgerReview.LongestNote:N0}."));
    }

    private static string? OriginOf(object? value) => ValueReader.IsBlank(value) ? null
        : Uri.TryCreate(value as string, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http"
            ? address.GetLeftPart(UriPartial.Authority)
            : throw Invalid(nameof(Video.Origin), value, "Use the address of the API, such as https://api.chuizi.ai.");

    private static DateTime? TimeOf(object? value)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return value switch
        {
            _ when ValueReader.IsBlank(value) => null,
            DateTime { Kind: DateTimeKind.Unspecified } time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
            DateTime time => time.ToUniversalTime(),
            DateTimeOffset time => time.UtcDateTime,
            string text when DateTime.TryParseExact(
                text.Trim(), s_times, CultureInfo.InvariantCulture, Utc, out DateTime time) => time,
            _ => throw Invalid(nameof(LedgerRecord.Decided), value, "Use a time in UTC, such as 2026-11-26T18:30:00Z."),
        };
    }

    private static FormatException Invalid(string name, object? value, string use) =>
        new($"{name} {ValueReader.Quote(value)} is not valid. {use}");
}
