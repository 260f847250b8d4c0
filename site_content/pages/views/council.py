from django.http import Http404


def papers(request, *args, **kwargs):
    raise Http404


def paper(request, *args, **kwargs):
    raise Http404


