using System.Management.Automation;

namespace Chuizi.Video.Module.Completion;

/// <summary>The argument to complete.</summary>
/// <param name="Command">The name of the command.</param>
/// <param name="Parameter">The name of the parameter.</param>
/// <param name="Word">The part of the value typed so far.</param>
/// <param name="Line">The whole command line.</param>
/// <param name="State">The session state, for the current location and variables.</param>
internal sealed record CompletionRequest(string Command, string Parameter, TypedWord Word, TypedLine Line, SessionState State);
