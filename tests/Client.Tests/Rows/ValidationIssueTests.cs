using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ValidationIssueTests
{
    [Fact]
    public void An_issue_includes_its_row()
    {
        new ValidationIssue(1234, "Prompt", "Prompt is empty.").ToString().ShouldBe("Row 1234: Prompt is empty.");
        new ValidationIssue(null, "Prompt", "Prompt is empty.").ToString().ShouldBe("Prompt is empty.");
    }

    [Fact]
    public void Equal_messages_are_reported_once_with_their_rows() =>
        ValidationIssue.Summarise(
        [
            Of(2, "a"), Of(3, "b"), Of(4, "a"), Of(null, "c"), Of(null, "c"),
            .. Enumerable.Range(10, 5).Select(row => Of(row, "five")),
            .. Enumerable.Range(20, 6).Select(row => Of(row, "six")),
            .. Enumerable.Range(1000, 1005).Select(row => Of(row, "many")),
        ]).ShouldBe(
        [
            "Rows 2, 4: a", "Row 3: b", "c", "Rows 10, 11, 12, 13, 14: five", "Rows 20, 21, 22, 23, 24 and 1 more: six",
            "Rows 1000, 1001, 1002, 1003, 1004 and 1000 more: many",
        ]);

    [Fact]
    public void A_row_with_the_same_issue_twice_is_listed_once() =>
        ValidationIssue.Summarise([Of(2, "a"), Of(2, "a"), Of(3, "a")]).ShouldBe(["Rows 2, 3: a"]);

    [Fact]
    public void Without_issues_the_summary_is_empty() => ValidationIssue.Summarise([]).ShouldBeEmpty();

    private static ValidationIssue Of(int? row, string message) => new(row, "Image", message);

    [Fact]
    public void A_very_long_cell_is_shown_with_its_beginning_and_end()
    {
        string message = new ValidationIssue(2, "Model", $"The model '{new string('x', 100_000)}' is not listed.").ToString();
        message.ShouldStartWith("Row 2: The model 'xxx");
        message.ShouldEndWith("xxx' is not listed.");
        message.Length.ShouldBeLessThan(2000);
    }
}
