using System.Collections.Specialized;
using Chuizi.Video.Client.Gallery;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>By which columns a page is filtered, and which videos are takes of one row.</summary>
public sealed class FilterColumnsTests
{
    [Fact]
    public void A_column_with_few_shared_values_is_a_filter()
    {
        GalleryItem[] items = [.. Enumerable.Range(0, 100).Select(number => Of(new OrderedDictionary
        {
            [number % 2 == 0 ? "Project" : "project"] = number % 3 == 0 ? "Spring" : number % 3 == 1 ? "Autumn" : null,
            ["Scene"] = number,
            ["Prompt"] = "always",
            ["Same"] = "always",
            ["Shots"] = number % 41,
            ["Long"] = new string('x', 50 + (number % 3 * 60)),
        }))];
        FilterColumns columns = new(items);
        FilterColumn column = columns.All.ShouldHaveSingleItem("the others have one, unique, too many or too long values");
        (column.Name, column.Blank).ShouldBe(("Project", 33));
        column.Values.ShouldBe([("Spring", 34), ("Autumn", 33)]);
        items.Take(4).Select(columns.ValuesOf).ShouldBe(["0", "1", "-", "0"]);
    }

    [Fact]
    public void Takes_belong_together_only_within_one_row_of_one_list()
    {
        GalleryRows rows = new();
        int? first = rows.NumberOf(Take());
        first.ShouldBe(1);
        rows.NumberOf(Take(take: 2)).ShouldBe(first);
        new[] { Take(row: 2), Take(prompt: "changed"), Take(ledger: "b"), Take(origin: "b"), Take(model: "b") }
            .Select(rows.NumberOf).ShouldBe([2, 3, 4, 5, 6]);
        rows.NumberOf(Take(row: null)).ShouldBe(7, "a prompt of the command line has takes as well");
        rows.NumberOf(Take(take: null)).ShouldBeNull();

        static Video Take(
            int? row = 1, int? take = 1, string prompt = "a", string ledger = "a", string origin = "a", string model = "a") => new()
            {
                Row = row, Take = take, Prompt = prompt, Ledger = ledger, Origin = origin, Model = model,
            };
    }

    private static GalleryItem Of(OrderedDictionary columns) => new(new Video(), columns);
}
