# Runs sessions of documents, each in a runspace of its own, and writes what came of each block. Called by ExampleTests.
param([string] $Plan, [string] $Result)

# An older one cannot have the module; ExampleTests skips then.
if ($PSVersionTable.PSVersion -lt [version] '7.4') {
    exit 74
}

$work = [IO.File]::ReadAllText($Plan) | ConvertFrom-Json -AsHashtable
$results = foreach ($session in $work.Sessions) {
    $state = [initialsessionstate]::CreateDefault2()
    if (-not $session.StartsFromNothing) {
        $state.ImportPSModule($work.Module)
    }

    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $blocks = @(
        { param($work, $session)
            Set-Location -LiteralPath $session.Folder
            $global:PSDefaultParameterValues = @{ 'Start-ChuiziVideoSandbox:GenerationTime' = 0; 'Wait-ChuiziVideo:PollInterval' = 0.05 }
            if (-not $session.StartsFromNothing) {
                Connect-ChuiziVideo $work.Key -BaseUri $work.Address
            }
        }
        $session.Blocks
    )
    for ($index = 0; $index -lt $blocks.Count; $index++) {
        $shell = [powershell]::Create($runspace).AddScript($blocks[$index])
        if ($index -eq 0) {
            $shell = $shell.AddArgument($work).AddArgument($session)
        }

        $errors = @()
        try {
            $null = $shell.Invoke()
        }
        catch {
            $errors = @($_.Exception.InnerException.ErrorRecord)
        }

        $errors = @($shell.Streams.Error) + $errors
        # The first is the preparation, which has to be clean.
        if ($index -gt 0) {
            @{
                Errors   = @($errors.ForEach({ $_.FullyQualifiedErrorId }))
                Messages = @($errors.ForEach({ "$_" }))
                Warnings = @($shell.Streams.Warning.ForEach({ $_.Message }))
            }
        }
        elseif ($errors) {
            throw $errors[0]
        }

        $shell.Dispose()
    }

    $runspace.Dispose()
}

[IO.File]::WriteAllText($Result, (ConvertTo-Json @($results) -Depth 4))
