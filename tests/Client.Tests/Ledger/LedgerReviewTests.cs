using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerReviewTests
{
    [Theory]
    [InlineData("kept", "Kept")]
    [InlineData("Rejected", "Rejected")]
    [InlineData("None", null)]
    [InlineData("maybe", "Rejected")]
    [InlineData("", "Rejected")]
    [InlineData(null, "Rejected")]
    public void A_verdict_is_set_removed_or_left_as_it_is(string? verdict, string? expected) =>
        After(Line(verdict: "Rejected"), Line(verdict: verdict)).Verdict.ShouldBe(expected);

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(6, 3)]
    [InlineData(null, 3)]
    public void A_rating_is_set_removed_or_left_as_it_is(int? rating, int? expected) =>
        After(Line(rating: 3), Line(rating: rating)).Rating.ShouldBe(expected);

    [Theory]
    [InlineData("good", "good")]
    [InlineData("", null)]
    [InlineData(null, "first")]
    public void A_note_is_set_removed_or_left_as_it_is(string? note, string? expected) =>
        After(Line(note: "first"), Line(note: note)).Note.ShouldBe(expected);

    [Theory]
    [InlineData(-1, "Kept", 2, "first")]
    [InlineData(0, "Rejected", 4, "second")]
    [InlineData(1, "Rejected", 4, "second")]
    public void The_newest_decision_counts_and_of_the_same_time_the_last_line(int minutes, string verdict, int rating, string note)
    {
        LedgerReview review = After(Line("Kept", 2, "first"), Line("Rejected", 4, "second", minutes));
        (review.Verdict, review.Rating, review.Note).ShouldBe((verdict, rating, note));
    }

    [Fact]
    public void Without_the_time_of_the_decision_the_time_of_the_line_counts()
    {
        LedgerRecord early = new() { At = Records.Noon, Rating = 1 };
        LedgerRecord late = new() { At = Records.Noon.AddMinutes(1), Rating = 2 };
        LedgerRecord copied = new() { At = Records.Noon.AddDays(1), Decided = Records.Noon, Rating = 3 };
        After(late, early).Rating.ShouldBe(2);
        After(early, late, copied).Rating.ShouldBe(2);
    }

    [Fact]
    public void The_latest_time_is_that_of_the_newest_part()
    {
        for (int newest = 0; newest < 3; newest++)
        {
            int[] minutes = [1, 2, 3];
            minutes[newest] = 9;
            LedgerReview review = After(
                Line(verdict: "Kept", minutes: minutes[0]), Line(rating: 3, minutes: minutes[1]), Line(note: "good", minutes: minutes[2]));
            review.Latest.ShouldBe(Records.Noon.AddMinutes(9));
        }

        new LedgerReview().Latest.ShouldBe(DateTime.MinValue);
    }

    [Theory]
    [InlineData("Kept", null, null, 0, false)]
    [InlineData(null, 3, null, 0, false)]
    [InlineData(null, null, "good", 0, false)]
    [InlineData("Kept", 3, "good", 0, false)]
    [InlineData(null, null, null, 5, false)]
    [InlineData("Rejected", 1, "bad", -1, false)]
    [InlineData("Rejected", null, null, 0, true)]
    [InlineData(null, 4, null, 0, true)]
    [InlineData(null, null, "bad", 0, true)]
    [InlineData("None", null, null, 0, true)]
    [InlineData("Kept", null, null, 1, true)]
    [InlineData(null, 3, null, 1, true)]
    [InlineData(null, null, "good", 1, true)]
    public void News_is_a_newer_decision_or_another_one_of_the_same_time(
        string? verdict, int? rating, string? note, int minutes, bool isNews)
    {
        LedgerReview review = After(Line("Kept", 3, "good"));
        review.IsNews(Line(verdict, rating, note, minutes)).ShouldBe(isNews);
        (review.Verdict, review.Rating, review.Note, review.Latest).ShouldBe(("Kept", 3, "good", Records.Noon));
    }

    [Theory]
    [InlineData("Kept", 3, "good", false)]
    [InlineData("Rejected", 3, "good", true)]
    [InlineData("Kept", 4, "good", true)]
    [InlineData("Kept", 3, "bad", true)]
    public void A_review_differs_if_a_part_does_whenever_it_was_made(string verdict, int rating, string note, bool differs) =>
        After(Line("Kept", 3, "good")).Differs(After(Line(verdict, rating, note, minutes: 7))).ShouldBe(differs);

    [Fact]
    public void A_copy_does_not_change_with_the_original()
    {
        LedgerReview review = After(Line("Kept", 3, "good"));
        LedgerReview copy = review.Copy();
        review.Apply(Line("Rejected", 1, "bad", minutes: 1));
        (copy.Verdict, copy.Rating, copy.Note).ShouldBe(("Kept", 3, "good"));
    }

    [Fact]
    public void A_video_gets_all_decisions_or_none()
    {
        Video video = new();
        After(Line("Kept", 3, "good")).ApplyTo(video);
        (video.Verdict, video.Rating, video.Note).ShouldBe(("Kept", 3, "good"));
        new LedgerReview().ApplyTo(video);
        (video.Verdict, video.Rating, video.Note).ShouldBe((null, null, null));
    }

    private static LedgerReview After(params LedgerRecord[] lines)
    {
        LedgerReview review = new();
        Array.ForEach(lines, review.Apply);
        return review;
    }

    private static LedgerRecord Line(string? verdict = null, int? rating = null, string? note = null, int minutes = 0) => new()
    {
        Step = LedgerStep.Reviewed,
        Id = "vid-1",
        Verdict = verdict,
        Rating = rating,
        Note = note,
        Decided = Records.Noon.AddMinutes(minutes),
    };
}
