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
    public void A_very_long_cell_is_shown_with_its_beginning_and_end()
    {
        string message = new ValidationIssue(2, "Model", $"The model '{new string('x', 100_000)}' is not listed.").ToString();
        message.ShouldStartWith("Row 2: The model 'xxx");
        message.ShouldEndWith("xxx' is not listed.");
        message.Length.ShouldBeLessThan(2000);
    }
}
