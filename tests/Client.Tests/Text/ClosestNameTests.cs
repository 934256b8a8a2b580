using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class ClosestNameTests
{
    private static readonly string[] s_names = ["Prompt", "Model", "Duration", "AspectRatio"];

    [Theory]
    [InlineData("Promt", 2, "Prompt")]
    [InlineData("promtp", 1, "Prompt")]
    [InlineData("PROMPT", 0, "Prompt")]
    [InlineData("Durtaion", 1, "Duration")]
    [InlineData("Durtaion", 0, null)]
    [InlineData("Aspect Ratio", 1, "AspectRatio")]
    [InlineData("Notes", 2, null)]
    [InlineData("", 3, null)]
    [InlineData("", 5, "Model")]
    public void The_closest_name_within_the_edit_limit_is_found(string name, int edits, string? expected) =>
        ClosestName.Of(name, s_names, edits).ShouldBe(expected);

    [Fact]
    public void Without_candidates_the_result_is_null() => ClosestName.Of("Prompt", []).ShouldBeNull();

    [Fact]
    public void Turkish_casing_does_not_matter()
    {
        using Support.InCulture culture = new("tr-TR");
        ClosestName.Of("DURATION", s_names, 0).ShouldBe("Duration");
    }

    [Fact]
    public void One_insertion_deletion_replacement_or_swap_is_one_edit() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 2, 12], Gen.Int[0, 11], Gen.Int[0, 3], Gen.Char.AlphaNumeric)
            .Sample(
                (name, place, kind, letter) =>
                {
                    int at = place % (name.Length - 1);
                    string changed = kind switch
                    {
                        0 => name.Insert(at, letter.ToString()),
                        1 => name.Remove(at, 1),
                        2 => $"{name[..at]}{letter}{name[(at + 1)..]}",
                        _ => $"{name[..at]}{name[at + 1]}{name[at]}{name[(at + 2)..]}",
                    };
                    ClosestName.Of(changed, [name], 1).ShouldBe(name);
                });
}
