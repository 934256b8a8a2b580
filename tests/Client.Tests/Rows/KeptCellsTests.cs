using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class KeptCellsTests
{
    private static readonly string[] s_names = ["Prompt", "Model", "Duration"];

    [Fact]
    public void It_has_the_cells_in_the_order_of_the_list()
    {
        object?[] values = ["a", new DateTime(2026, 11, 29), 0.1 + 0.2, 1f / 3, null, true];
        KeptCells row = new(["Prompt", "When", "Sum", "Third", "Note", "Sure"], values);
        row.Values.Select(cell => cell.Value).ShouldBe(values);
        row.Texts.Select(cell => $"{cell.Key}={cell.Value}")
            .ShouldBe(["Prompt=a", "When=11/29/2026 00:00:00", "Sum=0.3", "Third=0.3333333", "Note=", "Sure=True"]);
    }

    [Fact]
    public void Rows_share_what_is_the_same()
    {
        KeptCells first = new(s_names, ["a", "veo", 8]);
        KeptCells second = new([.. s_names], ["b", new string("veo".AsSpan()), 8], first);
        second.Values.ElementAt(1).Value.ShouldBeSameAs(first.Values.ElementAt(1).Value);
        second.Values.First().Key.ShouldBeSameAs(first.Values.First().Key);
        second.Texts.Select(cell => cell.Value).ShouldBe(["b", "veo", "8"]);
    }

    [Theory]
    [InlineData("Prompt", "Model")]
    [InlineData("Prompt", "Duration", "Model")]
    [InlineData("Prompt", "model", "Duration")]
    public void Rows_with_other_columns_are_kept_as_they_are(params string[] names)
    {
        KeptCells first = new(s_names, ["x", "y", "z"]);
        KeptCells second = new(names, [.. names.Select(_ => "x")], first);
        second.Texts.ShouldBe(names.Select(name => KeyValuePair.Create(name, "x")));
    }
}
